import { ABSENT } from "./access";
import { compile, compileBool, compileProbe, withVariable, type Macros, type Run, type Surroundings } from "./compile";
import type { Evaluation } from "./evaluation";
import { groupItems, sortItems } from "./functions/order";
import { isMap, Optional, plainType } from "./kinds";
import { weightOf, type Node } from "./node";
import { unwrap } from "./operators";
import { Fault } from "./problem";

type Call = Node & { kind: "call" | "method" };
type Macro = (args: readonly Node[], node: Call, around: Surroundings) => Run | undefined;

function compileMacro(node: Call, around: Surroundings): Run | undefined {
  if (node.kind === "method" && node.of.kind === "name") {
    if (node.of.name === "cel" && node.name === "bind") return bind(node.args, node, around);
    if (node.of.name === "optional" && !around.variables.has("optional")) return optionalMaker(node, around);
  }
  const macro = node.kind === "call" ? calls[node.name] : undefined;
  if (macro !== undefined) return macro(node.args, node, around);
  const repeated = repeats[node.name];
  if (repeated === undefined) return undefined;
  const args = node.kind === "method" ? [node.of, ...node.args] : node.args;
  return repeated(args, node, around);
}

const repeats: { readonly [name: string]: Macro } = Object.assign(Object.create(null), {
  map: (args, node, around) =>
    args.length === 4 ? mapOver(args, node, around, true) : mapOver(args, node, around, false),
  filter: (args, node, around) =>
    mapOver([args[0], args[1], args[2], args[1]] as Node[], node, around, args.length === 3),
  all: (args, node, around) => quantifier(args, node, around, false),
  exists: (args, node, around) => quantifier(args, node, around, true),
  exists_one: existsOne,
  sort_by: (args, node, around) =>
    keyed(args, node, around, (items, keys, e) => sortItems(items, keys, false, e, node.at)),
  group_by: (args, node, around) => keyed(args, node, around, (items, keys, e) => groupItems(items, keys, e, node.at)),
} satisfies { [name: string]: Macro });

const calls: { readonly [name: string]: Macro } = Object.assign(Object.create(null), {
  has,
  default: withDefault,
} satisfies { [name: string]: Macro });

/** The macros of CEL (`has`, `map`, `filter`, `all`, `exists`, `exists_one`, `cel.bind`) and `default`, `sort_by`, `group_by`. */
export const macros: Macros = { names: [...Object.keys(calls), ...Object.keys(repeats)], compile: compileMacro };

/** Names of macros that go through a whole list. */
export const listMacros: ReadonlySet<string> = new Set(Object.keys(repeats));

function wrong(node: Call, detail: string): Fault {
  return new Fault("arguments", node.at, { name: node.name, detail });
}

function has(args: readonly Node[], node: Call, around: Surroundings): Run {
  const [arg] = args;
  if (args.length !== 1 || arg === undefined || (arg.kind !== "field" && arg.kind !== "index"))
    throw wrong(node, "takes one field, as in `has(input.email)`");
  if (arg.kind === "index") {
    const probe = compileProbe(arg, around);
    return (e) => probe(e) !== ABSENT;
  }
  const of = arg.optional ? compileProbe(arg.of, around) : compile(arg.of, around);
  const { key } = arg;
  return (e) => {
    const read = of(e);
    if (read === ABSENT) return false;
    const owner = e.take(unwrap(read));
    // Asking whether a field is there reads nothing of it, so a mark on the field itself stays out of the result.
    return isMap(owner) && Object.hasOwn(owner, key) && owner[key] !== undefined;
  };
}

function withDefault(args: readonly Node[], node: Call, around: Surroundings): Run {
  const [first, second] = args;
  if (args.length !== 2 || first === undefined || second === undefined)
    throw wrong(node, "takes a value and what to use instead, as in `default(input.count, 0)`");
  const probe = compileProbe(first, around);
  const otherwise = compile(second, around);
  return (e) => {
    const read = probe(e);
    const value = read === ABSENT ? null : e.take(unwrap(read));
    return value === null ? otherwise(e) : value;
  };
}

function bind(args: readonly Node[], node: Call, around: Surroundings): Run {
  const [variable, value, body] = args;
  if (args.length !== 3 || variable?.kind !== "name" || value === undefined || body === undefined)
    throw wrong(node, "takes a name, its value and an expression");
  const run = compile(value, around);
  const { around: inside, slot } = withVariable(around, variable.name);
  const runBody = compile(body, inside);
  return (e) => {
    e.slots[slot] = run(e);
    return runBody(e);
  };
}

/** `optional.of(x)`, `optional.none()`, `optional.ofNonZeroValue(x)`: unless something in scope is called `optional`. */
function optionalMaker(node: Call, around: Surroundings): Run | undefined {
  const makers = ["of", "none", "ofNonZeroValue"];
  if (!makers.includes(node.name)) return undefined;
  const [arg] = node.args;
  if (node.args.length !== (node.name === "none" ? 0 : 1)) throw wrong(node, "has a wrong number of arguments");
  if (arg === undefined) return () => Optional.NONE;
  const run = compile(arg, around);
  if (node.name === "of") return (e) => new Optional(run(e));
  return (e) => {
    const value = e.take(run(e));
    return isZero(value) ? Optional.NONE : new Optional(value);
  };
}

function isZero(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

/** The receiver, the variable's slot and the surroundings inside the repetition. */
function repetition(args: readonly Node[], node: Call, around: Surroundings, count: readonly number[]) {
  const [range, variable] = args;
  const isWrong = range === undefined || variable?.kind !== "name" || !count.includes(args.length);
  if (isWrong) throw wrong(node, `is called as in \`orders.${node.name}(order, order.total)\``);
  return { items: compileItems(range, around, node), ...withVariable(around, variable.name) };
}

function compileItems(range: Node, around: Surroundings, node: Call): (e: Evaluation) => readonly unknown[] {
  const run = compile(range, around);
  return (e) => {
    const value = e.take(unwrap(run(e)));
    if (Array.isArray(value)) return value;
    if (isMap(value)) return Object.keys(value);
    throw new Fault("type", range.at, { detail: `\`${node.name}\` goes through a list, found ${plainType(value)}` });
  };
}

function mapOver(args: readonly Node[], node: Call, around: Surroundings, hasTest: boolean): Run {
  const { items, slot, around: inside } = repetition(args, node, around, hasTest ? [4] : [3]);
  const [, , second, third] = args;
  const result = hasTest ? third : second;
  if (second === undefined || result === undefined) throw wrong(node, "has too few arguments");
  const test = hasTest ? compileBool(second, inside, `the condition of \`${node.name}\``) : undefined;
  const run = compile(result, inside);
  const cost = weightOf(second) + (hasTest ? weightOf(result) : 0);
  const { at } = node;
  return (e) => {
    const made: unknown[] = [];
    for (const item of items(e)) {
      e.charge(cost, at);
      e.slots[slot] = e.take(item);
      if (test === undefined || test(e)) {
        // A nested macro may have used the slots above this one, never this one.
        made.push(unwrap(run(e)));
      }
    }
    return made;
  };
}

/** `all` and `exists`: as with `&&` and `||`, one deciding item wins over items that fail. */
function quantifier(args: readonly Node[], node: Call, around: Surroundings, decisive: boolean): Run {
  const { items, slot, around: inside } = repetition(args, node, around, [3]);
  const predicate = args[2] as Node;
  const test = compileBool(predicate, inside, `the condition of \`${node.name}\``);
  const cost = weightOf(predicate);
  const { at } = node;
  return (e) => {
    let fault: Fault | undefined;
    for (const item of items(e)) {
      e.charge(cost, at);
      e.slots[slot] = e.take(item);
      try {
        if (test(e) === decisive) return decisive;
      } catch (error) {
        if (!(error instanceof Fault) || error.kind === "budget") throw error;
        fault ??= error;
      }
    }
    if (fault !== undefined) throw fault;
    return !decisive;
  };
}

function existsOne(args: readonly Node[], node: Call, around: Surroundings): Run {
  const { items, slot, around: inside } = repetition(args, node, around, [3]);
  const predicate = args[2] as Node;
  const test = compileBool(predicate, inside, "the condition of `exists_one`");
  const cost = weightOf(predicate);
  const { at } = node;
  return (e) => {
    let found = 0;
    for (const item of items(e)) {
      e.charge(cost, at);
      e.slots[slot] = e.take(item);
      if (test(e)) found++;
    }
    return found === 1;
  };
}

/** `list.sort_by(x, key)` and `list.group_by(x, key)`; their forms with a field's name are ordinary functions. */
function keyed(
  args: readonly Node[],
  node: Call,
  around: Surroundings,
  finish: (items: readonly unknown[], keys: readonly unknown[], e: Evaluation) => unknown,
): Run | undefined {
  const [, variable, key] = args;
  if (args.length !== 3 || variable?.kind !== "name" || key === undefined || key.kind === "value") return undefined;
  const { items, slot, around: inside } = repetition(args, node, around, [3]);
  const run = compile(key, inside);
  const cost = weightOf(key) + 1;
  const { at } = node;
  return (e) => {
    const all = items(e);
    const keys = all.map((item) => {
      e.charge(cost, at);
      e.slots[slot] = e.take(item);
      return e.take(unwrap(run(e)));
    });
    return finish(all, keys, e);
  };
}
