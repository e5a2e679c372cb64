import { isJsonObject } from "../base/json";
import { UNDO_NAMES } from "../components/undo-defaults";
import { SCOPE_NAMES } from "../workflow/shape";
import { idempotencyKey } from "./key";
import { partOf } from "./parts";
import { componentSeen, componentValue, inputAt, roundSeen, type Sight } from "./sight";
import { secretValue } from "./secret-ref";
import { isDone } from "./undo-which";
import { inline, NULL_VALUE, type Value } from "./value";

const NOTHING: Value = { kind: "object", fields: {} };

/** What `name` stands for; undefined when nothing has that name here. */
export function named(sight: Sight, name: string): Value | undefined {
  const { plan, state } = sight;
  const { facts } = state;
  switch (name) {
    case "parameters":
      return { kind: "object", fields: facts.parameters };
    case "input_data":
      return facts.input;
    case "input":
      return inputHere(sight);
    case "components":
      return allComponents(sight);
    case "secrets":
      // Each is reached by its name; a list of them is nobody's business.
      return NOTHING;
    case "env":
      return inline(facts.env);
    case "item":
      return roundSeen(sight)?.item;
    case "index": {
      const round = roundSeen(sight);
      return round === undefined ? undefined : inline(round.index);
    }
    case "event":
      return sight.event ?? facts.event;
    case "execution":
      return inline({
        id: facts.executionId,
        workflow_id: plan.workflow.id,
        started_at: new Date(facts.startedAt).toISOString(),
        correlation_id: facts.correlationId,
      });
    case "workflow": {
      const { id, name: title, version, category } = plan.workflow;
      return inline({ id, name: title ?? id, version: version ?? null, category: category ?? null });
    }
    default:
      return (
        component(sight, name) ?? ofUndone(sight, name) ?? ownField(facts.parameters, name) ?? partOf(facts.input, name)
      );
  }
}

/** Every name in scope, the order of importance: what one would look for first comes first. */
export function namesIn(sight: Sight): readonly string[] {
  const { plan, state } = sight;
  const { input, parameters } = state.facts;
  const fields = input.kind === "inline" ? (isJsonObject(input.json) ? Object.keys(input.json) : []) : keysOf(input);
  const all = [
    ...plan.nodes.filter(({ id }) => component(sight, id) !== undefined).map(({ id }) => id),
    ...Object.keys(parameters),
    ...fields,
    ...[...SCOPE_NAMES, ...UNDO_NAMES].filter((name) => named(sight, name) !== undefined),
  ];
  return [...new Set(all)];
}

/** The components seen, settled or not, as one object. */
function allComponents(sight: Sight): Value {
  const seen = sight.plan.nodes.flatMap(({ id }) => {
    const value = component(sight, id);
    return value === undefined ? [] : [[id, value] as const];
  });
  return { kind: "object", fields: Object.fromEntries(seen) };
}

/** A component by id; a loop one is in gives its item and index as well, which is how outer rounds are reached. */
function component(sight: Sight, id: string): Value | undefined {
  const slot = componentSeen(sight, id);
  if (slot === undefined) return undefined;
  const value = componentValue(slot);
  const round = sight.plan.byId.get(id)?.kind === "loop" ? roundSeen(sight, id) : undefined;
  if (round === undefined || value.kind !== "object") return value;
  return { kind: "object", fields: { ...value.fields, item: round.item, index: inline(round.index) } };
}

/** Once a component is prepared its input is what its event says, which a person may have edited. */
function inputHere(sight: Sight): Value {
  const own = sight.node === undefined ? undefined : componentSeen(sight, sight.node.id)?.input;
  return own ?? inputAt(sight);
}

/** What an undo's config sees of the component it undoes; its output is null when nobody knows it. */
function ofUndone({ undone, state }: Sight, name: string): Value | undefined {
  if (undone === undefined) return undefined;
  if (name === "output") return isDone(undone.state) ? (undone.state.output ?? NULL_VALUE) : NULL_VALUE;
  if (name === "config") return undone.state.config ?? NULL_VALUE;
  return name === "idempotency_key" ? inline(idempotencyKey(state.facts.executionId, undone.path)) : undefined;
}

function ownField(fields: { readonly [name: string]: Value }, name: string): Value | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function keysOf(value: Value): readonly string[] {
  return value.kind === "object" ? Object.keys(value.fields) : [];
}

/** The value that keys lead to, from a name inwards. */
export type Found =
  | { readonly kind: "value"; readonly value: Value }
  /** There may be nothing: whether there is shows only when the content is read. */
  | { readonly kind: "unsure"; readonly value: Value }
  | { readonly kind: "missing" };

/** Follows `path` from a name inwards without reading what is kept elsewhere. */
export function follow(sight: Sight, path: readonly (string | number)[]): Found {
  const [first, second] = path;
  let at = 1;
  let value: Value | undefined;
  if (first === "secrets") {
    // Which secrets there are is the workspace's matter; a missing one shows when it is read.
    if (typeof second !== "string") return { kind: "missing" };
    at = 2;
    value = secretValue(second);
  } else if (first === "components" && typeof second === "string") {
    // One component is enough; an object of all would be built for every look.
    value = component(sight, second);
    at = 2;
  } else {
    value = named(sight, String(first));
  }
  let isSure = true;
  for (; at < path.length && value !== undefined; at += 1) {
    const key = path[at] as string | number;
    const before: Value = value;
    value = partOf(before, key);
    if (value?.kind === "part") isSure &&= isInPreview(before, key);
  }
  if (value === undefined) return { kind: "missing" };
  return isSure ? { kind: "value", value } : { kind: "unsure", value };
}

/** Whether a stored value's preview proves that `key` exists. */
function isInPreview(value: Value, key: string | number): boolean {
  const preview = previewed(value);
  if (preview?.kind !== "inline") return preview !== undefined;
  return partOf(preview, key) !== undefined;
}

function previewed(value: Value): Value | undefined {
  if (value.kind === "sensitive") return undefined;
  if (value.kind === "stored") return inline(value.preview);
  if (value.kind !== "part") return value;
  const whole = previewed(value.of);
  return whole === undefined ? undefined : partOf(whole, value.at);
}

/** All names in scope with their values, for a debugger. */
export function namesAtSight(sight: Sight): { readonly [name: string]: Value } {
  return Object.fromEntries(
    namesIn(sight).flatMap((name) => {
      const value = named(sight, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
