import { functionNamed } from "./functions/table";
import { childrenOf, type Node } from "./node";
import type { Span } from "./problem";
import { TYPE_NAMES } from "./kinds";
import { listMacros } from "./macros";

/** One step of a chain after a name: `.key`, `['key']` or `[0]`. */
export interface FieldUse {
  readonly key: string | number;
  /** The key's own characters; of a quoted key with its quotes. */
  readonly at: Span;
  readonly quoted: boolean;
}

/** A free name an expression uses, with the chain of fields that follows it. */
export interface NameUse {
  readonly name: string;
  readonly at: Span;
  readonly fields: readonly FieldUse[];
  /** Inside `default(…)`, `has(…)` or before `.?`: it may be absent, so `check` says nothing. */
  readonly guarded: boolean;
}

/** The free names of `node`, in the order written. */
export function namesOf(node: Node): readonly NameUse[] {
  const found: NameUse[] = [];
  collect(node, new Set(), false, found);
  return found;
}

function collect(node: Node, bound: ReadonlySet<string>, guarded: boolean, found: NameUse[]): void {
  const chain = chainOf(node);
  if (chain !== undefined) {
    if (!bound.has(chain.name)) found.push({ ...chain, guarded: guarded || TYPE_NAMES.has(chain.name) });
    return;
  }
  switch (node.kind) {
    case "field":
      return collect(node.of, bound, guarded || node.optional, found);
    case "index":
      collect(node.of, bound, guarded || node.optional, found);
      return collect(node.index, bound, guarded, found);
    case "call":
      if (node.name === "has" || node.name === "default") {
        node.args.forEach((arg, position) => collect(arg, bound, guarded || position === 0, found));
        return;
      }
      return collectRepetition(node.name, node.args, bound, guarded, found);
    case "method":
      if (node.of.kind === "name" && node.of.name === "cel" && node.name === "bind")
        return collectBinding(node.args[1], node, bound, guarded, found);
      if (node.of.kind === "name" && node.of.name === "optional" && /^(?:of|none|ofNonZeroValue)$/.test(node.name))
        return node.args.forEach((arg) => collect(arg, bound, guarded, found));
      return collectRepetition(node.name, [node.of, ...node.args], bound, guarded, found);
    default:
      for (const child of childrenOf(node)) collect(child, bound, guarded, found);
  }
}

/** `list.map(x, …)` and its like: the second argument is a new variable when it is a name. */
function collectRepetition(
  name: string,
  args: readonly Node[],
  bound: ReadonlySet<string>,
  guarded: boolean,
  found: NameUse[],
): void {
  const [range, variable, ...rest] = args;
  const binds = listMacros.has(name) && variable?.kind === "name" && rest.length > 0;
  if (range !== undefined) collect(range, bound, guarded, found);
  if (variable !== undefined && !binds) collect(variable, bound, guarded, found);
  const inside = binds ? new Set([...bound, variable.name]) : bound;
  for (const arg of rest) collect(arg, inside, guarded, found);
}

function collectBinding(
  value: Node | undefined,
  node: Node & { kind: "method" },
  bound: ReadonlySet<string>,
  guarded: boolean,
  found: NameUse[],
): void {
  const [variable, , body] = node.args;
  if (value !== undefined) collect(value, bound, guarded, found);
  if (body !== undefined && variable?.kind === "name")
    collect(body, new Set([...bound, variable.name]), guarded, found);
}

/** `name.field['key'][0]` as a whole; undefined for anything else. */
function chainOf(node: Node): Omit<NameUse, "guarded"> | undefined {
  if (node.kind === "name") return { name: node.name, at: node.at, fields: [] };
  if (node.kind === "field" && !node.optional) {
    const owner = chainOf(node.of);
    return owner && { ...owner, fields: [...owner.fields, { key: node.key, at: node.keyAt, quoted: false }] };
  }
  if (node.kind === "index" && !node.optional && node.index.kind === "value") {
    const owner = chainOf(node.of);
    const key = typeof node.index.value === "bigint" ? Number(node.index.value) : node.index.value;
    if (typeof key !== "string" && (typeof key !== "number" || !Number.isInteger(key) || key < 0)) return undefined;
    return (
      owner && { ...owner, fields: [...owner.fields, { key, at: node.index.at, quoted: typeof key === "string" }] }
    );
  }
  return undefined;
}

/** The keys of an expression that only names a value, from the name inwards; undefined when it computes anything. */
export function purePath(node: Node): readonly (string | number)[] | undefined {
  const chain = chainOf(node);
  return chain && [chain.name, ...chain.fields.map((field) => field.key)];
}

/** Whether `node` goes through whole lists or matches regular expressions, so that large operands belong in a worker. */
export function goesThroughLists(node: Node): boolean {
  if (node.kind === "call" || node.kind === "method") {
    if (listMacros.has(node.name) || functionNamed(node.name, node.kind === "method")?.heavy === true) return true;
  }
  if (node.kind === "binary" && node.op === "in") return true;
  return childrenOf(node).some(goesThroughLists);
}
