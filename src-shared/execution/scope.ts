import type { ComponentPath } from "../base/ids";
import type { Json } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import type { Ms } from "../base/units";
import { evaluateTemplate, type ExpressionProblem, Marked, type Scope } from "../expression/evaluate";
import type { Template } from "../expression/template";
import type { ValueAccess } from "./access";
import { Gone } from "./gone";
import { follow, named, namesAtSight, namesIn } from "./names";
import type { Plan } from "./plan";
import { randomStream } from "./random";
import { secretValue } from "./secret-ref";
import { sightFrom, type Sight } from "./sight";
import type { ExecutionState } from "./state";
import { inline, type Value } from "./value";

/** What an expression at `path` sees, by name; an empty path is the end of the execution. */
export function namesAt(plan: Plan, state: ExecutionState, path: ComponentPath): { readonly [name: string]: Value } {
  return namesAtSight(sightFrom(plan, state, path));
}

/** All that evaluating the expressions of one place takes. `random` goes on from one expression to the next. */
export interface Reading {
  readonly sight: Sight;
  readonly access: ValueAccess;
  readonly now: number;
  readonly random: () => number;
  readonly clock?: () => Ms;
}

/** A reading at `sight`; `purpose` keeps the random numbers of one path's several readings apart. */
export function readingAt(sight: Sight, access: ValueAccess, now: number, purpose: string, clock?: () => Ms): Reading {
  let stream: (() => number) | undefined;
  const random = (): number => {
    stream ??= randomStream(`${sight.state.facts.seed}/${sight.path}/${purpose}`);
    return stream();
  };
  return { sight, access, now, random, ...(clock === undefined ? {} : { clock }) };
}

/** Evaluates `template` to a value. One that only names a value refers to it and never reads it. */
export function evaluateValue(template: Template, reading: Reading): Result<Value, ExpressionProblem> {
  const path = template.single?.path;
  const found = path === undefined ? undefined : follow(reading.sight, path);
  if (found?.kind === "value") return ok(found.value);
  const evaluated = evaluate(template, reading);
  if (!evaluated.ok) return evaluated;
  // Evaluation has shown that it is there; the reference stays small where the content is not.
  if (found?.kind === "unsure") return ok(found.value);
  const { json, sensitive } = evaluated.value;
  return ok(sensitive ? reading.access.mark(json) : inline(json));
}

/** Evaluates `template` to JSON. */
export function evaluate(
  template: Template,
  reading: Reading,
): Result<{ readonly json: Json; readonly sensitive: boolean }, ExpressionProblem> {
  const used = template.expressions.flatMap(({ names }) => names.map(({ name }) => name));
  const secrets = used.includes("secrets") ? secretsIn(template, reading.access) : undefined;
  const first = evaluateTemplate(template, scopeOf(reading, used, secrets));
  // Only a sentence about a wrong name needs to know all the others.
  if (first.ok || first.problem.kind !== "unknown-name") return first;
  const whole = evaluateTemplate(template, scopeOf(reading, namesIn(reading.sight), secrets));
  return whole.ok ? fail(first.problem) : whole;
}

/** The stored and sensitive values that evaluating `template` would read. */
export function neededBy(template: Template, sight: Sight): readonly Value[] {
  const path = template.single?.path;
  if (path !== undefined && follow(sight, path).kind === "value") return [];
  return template.expressions.flatMap(({ names }) =>
    names.flatMap(({ name, fields }) => {
      const found = follow(sight, [name, ...fields.map(({ key }) => key)]);
      const value = found.kind === "missing" ? named(sight, name) : found.value;
      return value === undefined || isPlain(value) ? [] : [value];
    }),
  );
}

/** `secrets` as the expressions of `template` see it: those they name, looked up when they are read. */
function secretsIn(template: Template, access: ValueAccess): object {
  const secrets = Object.create(null) as { [key: string]: unknown };
  const uses = template.expressions.flatMap(({ names }) => names.filter(({ name }) => name === "secrets"));
  for (const { fields, guarded } of uses) {
    const key = fields[0]?.key;
    if (typeof key !== "string") continue;
    define(secrets, key, () => {
      try {
        return view(secretValue(key), access);
      } catch (error) {
        // `default(secrets.X, …)` says what to take when there is none.
        if (guarded && error instanceof Gone) return undefined;
        throw error;
      }
    });
  }
  return secrets;
}

function scopeOf(
  { sight, access, now, random, clock }: Reading,
  wanted: readonly string[],
  secrets: object | undefined,
): Scope {
  const names: { [name: string]: unknown } = Object.create(null) as { [name: string]: unknown };
  let mayHoldMarks = false;
  for (const name of wanted) {
    if (name === "secrets" && secrets !== undefined) {
      mayHoldMarks = true;
      define(names, name, () => secrets);
      continue;
    }
    const value = named(sight, name);
    if (value === undefined) continue;
    mayHoldMarks ||= mayBeMarked(value);
    define(names, name, () => view(value, access));
  }
  return { names, mayHoldMarks, now, random, budget: clock === undefined ? {} : { clock } };
}

/** A value as an expression walks it: what lies elsewhere is read when, and only when, a field of it is looked at. */
function view(value: Value, access: ValueAccess): unknown {
  switch (value.kind) {
    case "inline":
      return value.json;
    case "object": {
      const fields: { [key: string]: unknown } = Object.create(null) as { [key: string]: unknown };
      for (const [key, field] of Object.entries(value.fields)) define(fields, key, () => view(field, access));
      return fields;
    }
    case "list":
      return value.items.map((item) => view(item, access));
    case "stored":
    case "sensitive":
    case "part": {
      const { json, sensitive } = access.read(value);
      return sensitive ? new Marked(json) : json;
    }
  }
}

function define(on: { [key: string]: unknown }, key: string, read: () => unknown): void {
  let known: { readonly value: unknown } | undefined;
  Object.defineProperty(on, key, {
    enumerable: true,
    configurable: true,
    get: () => (known ??= { value: read() }).value,
  });
}

function mayBeMarked(value: Value): boolean {
  switch (value.kind) {
    case "inline":
    case "stored":
      return false;
    case "sensitive":
      return true;
    case "object":
      return Object.values(value.fields).some(mayBeMarked);
    case "list":
      return value.items.some(mayBeMarked);
    case "part":
      return mayBeMarked(value.of);
  }
}

function isPlain(value: Value): boolean {
  if (value.kind === "inline") return true;
  if (value.kind === "object") return Object.values(value.fields).every(isPlain);
  return value.kind === "list" && value.items.every(isPlain);
}
