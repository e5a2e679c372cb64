import type { Graph } from "./graph";

/** Which components have settled before which others are prepared. Built on first use, with a bit for each pair. */
export class Order {
  #ancestors?: { readonly position: ReadonlyMap<string, number>; readonly rows: readonly Uint32Array[] };

  constructor(private readonly graph: Graph) {}

  /** Whether connections lead from `first` to `then`, both in one scope. */
  isBefore(first: string, then: string): boolean {
    const { position, rows } = (this.#ancestors ??= this.#build());
    const bit = position.get(first);
    const row = position.get(then);
    if (bit === undefined || row === undefined) return false;
    return (rows[row]![bit >> 5]! & (1 << (bit & 31))) !== 0;
  }

  #build(): { readonly position: ReadonlyMap<string, number>; readonly rows: readonly Uint32Array[] } {
    const { nodes } = this.graph;
    const position = new Map(nodes.map((node, index) => [node.id, index]));
    const words = (nodes.length + 31) >> 5;
    const rows = nodes.map(() => new Uint32Array(words));
    const waiting = nodes.map((node) => node.incoming.length);
    const ready = nodes.flatMap((node, index) => (node.incoming.length === 0 ? [index] : []));
    for (let at = 0; at < ready.length; at++) {
      const index = ready[at]!;
      const own = rows[index]!;
      for (const connection of nodes[index]!.outgoing) {
        const target = position.get(connection.target)!;
        const row = rows[target]!;
        for (let word = 0; word < words; word++) row[word]! |= own[word]!;
        row[index >> 5]! |= 1 << (index & 31);
        if (--waiting[target]! === 0) ready.push(target);
      }
    }
    return { position, rows };
  }
}
