import { Bug } from "../base/bug";
import type { ComponentPath } from "../base/ids";
import { isJsonObject, type Json } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import type { AtMs, Ms } from "../base/units";
import type { ValueAccess } from "./access";
import { advance } from "./advance";
import { configShape } from "./config-template";
import type { ComponentError } from "./error";
import { evaluateShape, holds, neededByCondition, neededByShape } from "./evaluate-shape";
import type { Event } from "./event";
import type { PlanNode } from "./node";
import { itemCount, objectOf, partOf } from "./parts";
import type { Plan } from "./plan";
import { type Reading, readingAt } from "./scope";
import { inputAt, sightFrom } from "./sight";
import type { ExecutionState } from "./state";
import { prepareAftermath } from "./undo-prepare";
import { inline, NULL_VALUE, type Value } from "./value";

/** The answer to a `prepare` effect. */
export type Prepared = Extract<Event, { kind: "component-prepared" | "preparation-failed" }>;

/**
 * Evaluates a ready component's condition, then its config.
 *
 * An expression that only names a value gives a reference: nothing is read. A result with a sensitive operand is marked.
 * A `decision`'s cases come out as booleans, so that carrying it out needs no expressions.
 *
 * @param clock a monotonic clock that limits each expression's time; without it only steps are counted.
 */
export function prepare(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Prepared {
  const sight = sightFrom(plan, state, path);
  const { node } = sight;
  if (node === undefined) throw new Bug(`${path} is no component`);
  if (isAftermath(node) && state.undoing !== undefined)
    return prepareAftermath(plan, state, node, state.undoing, access, at);
  const input = access.keep(inputAt(sight));
  if (node.disabled) return { kind: "component-prepared", at, path, run: true, input, config: NULL_VALUE };
  const reading = readingAt(sight, access, at, "prepare", clock);
  const run = holds(node.component.condition, "condition", reading);
  if (!run.ok) return { kind: "preparation-failed", at, path, input, error: run.problem };
  if (!run.value) return { kind: "component-prepared", at, path, run: false, input, config: NULL_VALUE };
  const config = configOf(node, reading);
  if (!config.ok) return { kind: "preparation-failed", at, path, input, error: config.problem };
  const items = node.kind === "loop" ? countItems(config.value, access) : ok(undefined);
  if (!items.ok) return { kind: "preparation-failed", at, path, input, error: items.problem };
  return {
    kind: "component-prepared",
    at,
    path,
    run: true,
    input,
    config: kept(node, config.value, access),
    ...(items.value === undefined ? {} : { items: items.value }),
  };
}

/** The stored and sensitive values that preparing `path` would read, so that a driver can have them at hand. */
export function needsValues(plan: Plan, state: ExecutionState, path: ComponentPath): readonly Value[] {
  const sight = sightFrom(plan, state, path);
  const { node } = sight;
  if (node === undefined || node.disabled || isAftermath(node)) return [];
  const cases = node.type === "decision" ? casesOf(node) : [];
  const items = node.kind === "loop" ? itemsNeeded(node, sight) : [];
  return [
    ...neededByCondition(node.component.condition, sight),
    ...neededByShape(configShape(node.component, node.type), sight),
    ...cases.flatMap(({ condition }) => neededByCondition(conditionOf(condition), sight)),
    ...items,
  ];
}

function isAftermath({ undo }: PlanNode): boolean {
  return undo?.kind === "recovery" || undo?.kind === "notice";
}

function configOf(node: PlanNode, reading: Reading): Result<Value, ComponentError> {
  const config = evaluateShape(configShape(node.component, node.type), reading);
  if (!config.ok || node.type !== "decision") return config;
  const cases: Json[] = [];
  let isChosen = false;
  for (const [at, entry] of casesOf(node).entries()) {
    // Cases after the chosen one are never looked at: they may rely on it not holding.
    const held: Result<boolean, ComponentError> = isChosen
      ? ok(false)
      : holds(conditionOf(entry.condition), `config.cases[${at}].condition`, reading);
    if (!held.ok) return held;
    isChosen ||= held.value;
    cases.push({ ...entry, condition: held.value });
  }
  const fields = config.value.kind === "object" ? config.value.fields : fieldsOf(config.value);
  return ok(objectOf({ ...fields, cases: inline(cases) }));
}

function casesOf(node: PlanNode): readonly { readonly [key: string]: Json | undefined }[] {
  const cases = node.component.config?.cases;
  return Array.isArray(cases) ? (cases as readonly Json[]).filter(isJsonObject) : [];
}

function conditionOf(condition: Json | undefined): string | boolean {
  return typeof condition === "string" || typeof condition === "boolean" ? condition : false;
}

function fieldsOf(config: Value): { readonly [key: string]: Value } {
  if (config.kind !== "inline" || !isJsonObject(config.json)) return {};
  return Object.fromEntries(Object.entries(config.json).map(([key, json]) => [key, inline(json ?? null)]));
}

function countItems(config: Value, access: ValueAccess): Result<number | undefined, ComponentError> {
  const items = partOf(config, "items");
  if (items === undefined) return ok(undefined);
  const count = itemCount(items);
  if (count !== undefined) return ok(count);
  const { json } = access.read(items);
  if (Array.isArray(json)) return ok(json.length);
  return fail({ type: "validation_error", message: notAList(json), place: "config.items" });
}

function notAList(json: Json): string {
  if (isJsonObject(json) && isJsonObject(json["dataset"]) && typeof json["rows"] === "number")
    return `The items are a dataset of ${json["rows"].toLocaleString("en-US")} records, and a loop takes a list of up to 10,000: work on all records with transform, or filter or aggregate them first.`;
  return `The items of a loop must be a list, found ${json === null ? "null" : typeof json}.`;
}

function itemsNeeded(node: PlanNode, sight: ReturnType<typeof sightFrom>): readonly Value[] {
  const shape = configShape(node.component, node.type);
  const field = shape.kind === "object" ? shape.fields.find(([key]) => key === "items")?.[1] : undefined;
  if (field?.kind !== "template" || field.template.single?.path === undefined) return [];
  const quiet: ValueAccess = { read: () => ({ json: null, sensitive: false }), mark: inline, keep: (value) => value };
  const value = evaluateShape(field, readingAt(sight, quiet, 0, "count"));
  return value.ok && itemCount(value.value) === undefined && value.value.kind !== "inline" ? [value.value] : [];
}

/**
 * The config of a prepared component whose input a person has changed to `input`: evaluated again, so that
 * `{{ input.region }}` says what the changed input says; with the new count of a loop's items. Undefined when nothing
 * has to be evaluated, or it cannot be.
 */
export function configAfterEdit(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  input: Value,
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): { readonly config: Value; readonly items?: number } | undefined {
  const edited = advance(plan, state, { kind: "input-edited", at, path, input }).state;
  const sight = sightFrom(plan, edited, path);
  const { node } = sight;
  if (node === undefined || node.disabled) return undefined;
  const isPlain = configShape(node.component, node.type).kind === "plain" && node.type !== "decision";
  const config = isPlain ? undefined : configOf(node, readingAt(sight, access, at, "prepare", clock));
  if (config?.ok !== true) return undefined;
  const items = node.kind === "loop" ? countItems(config.value, access) : ok(undefined);
  if (!items.ok) return undefined;
  return { config: kept(node, config.value, access), ...(items.value === undefined ? {} : { items: items.value }) };
}

/** What `advance` reads of a config must lie in place, as it opens no store: only large fields go there, one by one. */
function kept(node: PlanNode, config: Value, access: ValueAccess): Value {
  if (node.kind === "step" || node.kind === "call") return access.keep(config);
  const fields = config.kind === "object" ? config.fields : fieldsOf(config);
  return objectOf(
    Object.fromEntries(
      Object.entries(fields).flatMap(([key, field]) =>
        // The members are in the definition; a copy in every round's journal would say nothing new.
        key === "components" || key === "branches" ? [] : [[key, access.keep(field)] as const],
      ),
    ),
  );
}
