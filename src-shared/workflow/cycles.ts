/** What of a graph's nodes is needed to find cycles. */
export interface Linked {
  readonly id: string;
  readonly incoming: readonly { readonly source: string }[];
  readonly outgoing: readonly { readonly target: string }[];
}

/**
 * The cycles of a graph, each as its ids in order along the connections, and the ids free of them:
 * those whose predecessors can all settle.
 */
export function cyclesIn(nodes: readonly Linked[]): {
  readonly cycles: readonly (readonly string[])[];
  readonly free: ReadonlySet<string>;
} {
  const waiting = new Map<string, number>();
  const byId = new Map<string, Linked>();
  for (const node of nodes) {
    waiting.set(node.id, node.incoming.length);
    byId.set(node.id, node);
  }
  const free = new Set<string>();
  const ready = nodes.filter((node) => node.incoming.length === 0).map((node) => node.id);
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at]!;
    free.add(id);
    for (const { target } of byId.get(id)!.outgoing) {
      const left = waiting.get(target)! - 1;
      waiting.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const cycles: string[][] = [];
  const told = new Set<string>();
  for (const node of nodes) {
    if (free.has(node.id) || told.has(node.id)) continue;
    const cycle = backwards(node.id, byId, free, told);
    if (cycle.length > 0) cycles.push(cycle);
  }
  return { cycles, free };
}

/** Follows connections backwards among the nodes that wait for ever: the walk must bite its own tail. */
function backwards(
  from: string,
  byId: ReadonlyMap<string, Linked>,
  free: ReadonlySet<string>,
  told: Set<string>,
): string[] {
  const position = new Map<string, number>();
  const walk: string[] = [];
  let id: string | undefined = from;
  while (id !== undefined && !told.has(id) && !position.has(id)) {
    position.set(id, walk.length);
    walk.push(id);
    id = byId.get(id)!.incoming.find((connection) => !free.has(connection.source))?.source;
  }
  const start: number | undefined = id === undefined ? undefined : position.get(id);
  for (const seen of walk) told.add(seen);
  return start === undefined ? [] : walk.slice(start).reverse();
}
