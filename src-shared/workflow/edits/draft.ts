import type { Json, JsonObject } from "../../base/json";
import { fail, ok, type Result } from "../../base/result";
import { type Graph, graphOf } from "../graph";
import { WORKFLOW_KEYS } from "../layout";
import { walkComponents } from "../members";
import { placed, valueAt, withoutValue, withValue } from "../values";
import { wellFormed } from "../wellformed";
import type { Path, Workflow } from "../workflow";
import type { EditProblem } from "./problem";

/** The keys of a component in the order they are written. */
export const COMPONENT_KEYS: readonly string[] = [
  "id",
  "type",
  "name",
  "description",
  "disabled",
  "condition",
  "config",
  "error_handling",
  "retry_policy",
  "circuit_breaker",
  "resource_limits",
  "optimization",
  "notes",
  "position",
];

/** How an edit ended: the workflow's mapping after it. */
export type Edited = Result<Draft, EditProblem>;

/** A workflow's mapping between two edits, with what edits ask of it. Immutable. */
export class Draft {
  #workflow?: Workflow;
  #graph?: Graph;
  #paths?: ReadonlyMap<string, Path>;

  constructor(readonly view: JsonObject) {}

  get workflow(): Workflow {
    return (this.#workflow ??= wellFormed(this.view).workflow);
  }

  get graph(): Graph {
    return (this.#graph ??= graphOf(this.workflow));
  }

  /** Where the component is written. */
  pathOf(id: string): Path | undefined {
    if (this.#paths === undefined) {
      const paths = new Map<string, Path>();
      walkComponents(
        this.workflow,
        (component, path) => void (paths.has(component.id) || paths.set(component.id, path)),
      );
      this.#paths = paths;
    }
    return this.#paths.get(id);
  }

  at(path: Path): Json | undefined {
    return valueAt(this.view, path);
  }

  /** The draft with `value` at `path`; a key that is added stands where such keys are written. */
  with(path: Path, value: Json): Edited {
    if (path.length === 0) return fail({ kind: "no-place", path });
    const isNew = this.at(path) === undefined;
    const next = withValue(this.view, path, value) as JsonObject | undefined;
    if (next === undefined) return fail({ kind: "no-place", path });
    return ok(new Draft(isNew ? inOrder(next, path) : next));
  }

  without(path: Path): Draft {
    return path.length === 0 ? this : new Draft(withoutValue(this.view, path) as JsonObject);
  }
}

/** Puts the first key of `path` that is known to have a place where it belongs. */
function inOrder(view: JsonObject, path: Path): JsonObject {
  const top = typeof path[0] === "string" ? placed(view, path[0], WORKFLOW_KEYS) : view;
  for (let length = 1; length < path.length; length++) {
    const owner = valueAt(top, path.slice(0, length)) as Json;
    const key = path[length];
    if (typeof key !== "string" || !COMPONENT_KEYS.includes(key) || !isComponentValue(owner)) continue;
    return withValue(top, path.slice(0, length), placed(owner, key, COMPONENT_KEYS)) as JsonObject;
  }
  return top;
}

function isComponentValue(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "id" in value && "type" in value;
}

/** Carries out `steps` one after the other, each on what the one before left. */
export function inTurn<T>(draft: Draft, steps: Iterable<T>, step: (draft: Draft, item: T) => Edited): Edited {
  let current = draft;
  for (const item of steps) {
    const next = step(current, item);
    if (!next.ok) return next;
    current = next.value;
  }
  return ok(current);
}
