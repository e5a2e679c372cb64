import { unreachable } from "../base/bug";
import { ABSENT, probeField, probeIndex, probeName, readField, readIndex, readName } from "./access";
import type { Evaluation } from "./evaluation";
import { functionNamed, functionNames, type CelFunction } from "./functions/table";
import { Optional, plainType, Special } from "./kinds";
import { nearest } from "./nearest";
import type { Node } from "./node";
import { binary, negate, unwrap } from "./operators";
import { Fault, type Span } from "./problem";

/** A compiled node: gives the node's value in an evaluation. */
export type Run = (e: Evaluation) => unknown;

/** The calls that get their arguments unevaluated. They are handed in, because they compile their arguments themselves. */
export interface Macros {
  readonly names: readonly string[];
  /** The macro that `node` calls, compiled; undefined when it is an ordinary call. */
  compile(node: Node & { kind: "call" | "method" }, around: Surroundings): Run | undefined;
}

/** What the compiler knows at a node: the macros there are, and the variables of those around it, by slot. */
export interface Surroundings {
  readonly macros: Macros;
  readonly variables: ReadonlyMap<string, number>;
  readonly depth: number;
}

/** Adds the variable `name` around what is compiled next. */
export function withVariable(
  around: Surroundings,
  name: string,
): { readonly around: Surroundings; readonly slot: number } {
  const slot = around.depth;
  return { around: { ...around, variables: new Map(around.variables).set(name, slot), depth: slot + 1 }, slot };
}

/**
 * Compiles `node` into closures.
 *
 * @throws Fault for an unknown function or a wrong number of arguments.
 */
export function compile(node: Node, around: Surroundings): Run {
  switch (node.kind) {
    case "value": {
      const value = node.value;
      return () => value;
    }
    case "name":
      return compileName(node.name, node.at, around);
    case "field":
      return compileField(node, around);
    case "index":
      return compileIndex(node, around);
    case "call":
    case "method":
      return around.macros.compile(node, around) ?? compileCall(node, around);
    case "list": {
      const items = node.items.map((item) => compile(item, around));
      return (e) => items.map((run) => unwrap(run(e)));
    }
    case "map":
      return compileMap(node, around);
    case "choose": {
      const test = compileBool(node.test, around, "the condition before `?`");
      const yes = compile(node.yes, around);
      const no = compile(node.no, around);
      return (e) => (test(e) ? yes(e) : no(e));
    }
    case "logic":
      return compileLogic(node, around);
    case "unary": {
      const { at } = node;
      if (node.op === "!") {
        const test = compileBool(node.of, around, "the value after `!`");
        return (e) => !test(e);
      }
      const of = compile(node.of, around);
      return (e) => negate(of(e), e, at);
    }
    case "binary": {
      const { op, at } = node;
      const left = compile(node.left, around);
      const right = compile(node.right, around);
      return (e) => binary(op, left(e), right(e), e, at);
    }
    default:
      return unreachable(node);
  }
}

/**
 * Like {@link compile}, but a missing name or field gives {@link ABSENT} instead of a fault.
 *
 * Chains of names and fields, the common case, throw nothing, because throwing costs a hundred times as much.
 */
export function compileProbe(node: Node, around: Surroundings): Run {
  if (node.kind === "name") {
    const { name } = node;
    const slot = around.variables.get(name);
    return slot === undefined ? (e) => probeName(name, e) : (e) => e.slots[slot];
  }
  if (node.kind === "field" && !node.optional) {
    const { key } = node;
    const of = compileProbe(node.of, around);
    return (e) => {
      const owner = of(e);
      return owner === ABSENT
        ? ABSENT
        : owner instanceof Optional
          ? selectField(owner, key, e)
          : probeField(owner, key, e);
    };
  }
  if (node.kind === "index" && !node.optional) {
    const { at } = node;
    const of = compileProbe(node.of, around);
    const index = compile(node.index, around);
    return (e) => {
      const owner = unwrap(of(e));
      return owner === ABSENT ? ABSENT : probeIndex(owner, e.take(unwrap(index(e))), e, at);
    };
  }
  const run = compile(node, around);
  return (e) => {
    try {
      return run(e);
    } catch (fault) {
      if (fault instanceof Fault && fault.isAbsence) return ABSENT;
      throw fault;
    }
  };
}

/** A compiled node that must give true or false. */
export function compileBool(node: Node, around: Surroundings, what: string): (e: Evaluation) => boolean {
  const run = compile(node, around);
  const { at } = node;
  return (e) => {
    const value = e.take(unwrap(run(e)));
    if (typeof value === "boolean") return value;
    throw new Fault("type", at, { detail: `${what} must be true or false, found ${plainType(value)}` });
  };
}

function compileName(name: string, at: Span, around: Surroundings): Run {
  const slot = around.variables.get(name);
  return slot === undefined ? (e) => readName(name, e, at) : (e) => e.slots[slot];
}

function compileField(node: Node & { kind: "field" }, around: Surroundings): Run {
  const { key, keyAt } = node;
  const of = compile(node.of, around);
  if (node.optional) return (e) => selectField(of(e), key, e);
  return (e) => {
    const owner = of(e);
    return owner instanceof Special ? selectField(owner, key, e) : readField(owner, key, e, keyAt);
  };
}

/** `.?key`, and `.key` of an optional. */
function selectField(owner: unknown, key: string, e: Evaluation): unknown {
  if (owner instanceof Optional && owner.value === undefined) return Optional.NONE;
  const value = probeField(owner instanceof Optional ? e.take(owner.value) : owner, key, e);
  return value === ABSENT ? Optional.NONE : new Optional(value);
}

function compileIndex(node: Node & { kind: "index" }, around: Surroundings): Run {
  const { at } = node;
  const of = compile(node.of, around);
  const index = compile(node.index, around);
  const optional = node.optional;
  return (e) => {
    const owner = of(e);
    const position = e.take(unwrap(index(e)));
    if (!optional && !(owner instanceof Optional)) return readIndex(owner, position, e, at);
    if (owner instanceof Optional && owner.value === undefined) return Optional.NONE;
    const value = probeIndex(owner instanceof Optional ? e.take(owner.value) : owner, position, e, at);
    return value === ABSENT ? Optional.NONE : new Optional(value);
  };
}

function compileMap(node: Node & { kind: "map" }, around: Surroundings): Run {
  const { at } = node;
  const entries = node.entries.map(([key, value]) => [compile(key, around), compile(value, around)] as const);
  return (e) => {
    const map: { [key: string]: unknown } = Object.create(null);
    for (const [runKey, runValue] of entries) {
      const key = e.take(unwrap(runKey(e)));
      if (typeof key === "object" || key === undefined)
        throw new Fault("type", at, { detail: `a key of an object is text, found ${plainType(key)}` });
      map[String(key)] = unwrap(runValue(e));
    }
    return map;
  };
}

/** CEL's `&&` and `||`: either side may decide, even when the other one fails. */
function compileLogic(node: Node & { kind: "logic" }, around: Surroundings): Run {
  const decisive = node.op === "||";
  const left = compileBool(node.left, around, `the left side of \`${node.op}\``);
  const right = compileBool(node.right, around, `the right side of \`${node.op}\``);
  return (e) => {
    let fault: Fault | undefined;
    try {
      if (left(e) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof Fault) || error.kind === "budget") throw error;
      fault = error;
    }
    if (right(e) === decisive) return decisive;
    if (fault !== undefined) throw fault;
    return !decisive;
  };
}

function compileCall(node: Node & { kind: "call" | "method" }, around: Surroundings): Run {
  const isMethod = node.kind === "method";
  const named = functionNamed(node.name, isMethod);
  if (named === undefined) throw unknownFunction(node, around);
  const args = isMethod ? [node.of, ...node.args] : node.args;
  if (args.length < named.min || args.length > named.max)
    throw new Fault("arguments", node.at, { name: node.name, detail: wrongCount(named, args.length, isMethod) });
  return callOf(
    named,
    args.map((arg) => compile(arg, around)),
    node.at,
  );
}

function callOf(named: CelFunction, runs: readonly Run[], at: Span): Run {
  const site = { name: named.name, at };
  const { run, keepsOptionals, shallow } = named;
  return (e) => {
    const args = runs.map((runArg) => {
      const read = e.take(runArg(e));
      const value = keepsOptionals === true ? read : e.take(unwrap(read));
      return shallow === true ? value : e.bare(value, at);
    });
    return run(args, e, site);
  };
}

function unknownFunction(node: Node & { kind: "call" | "method" }, around: Surroundings): Fault {
  const isMethod = node.kind === "method";
  return new Fault("unknown-function", node.at, {
    name: node.name,
    nearest: nearest(node.name, [...around.macros.names, ...functionNames(isMethod)]),
  });
}

function wrongCount(named: CelFunction, found: number, isMethod: boolean): string {
  const own = isMethod ? 1 : 0;
  const least = named.min - own;
  const most = named.max - own;
  const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return `takes ${wanted} argument${wanted === "1" ? "" : "s"}, found ${found - own}`;
}
