import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import { RULES } from "./event";
import type { ExecutionState } from "./state";

/** The version of the state's shape; a snapshot of another one is worth nothing and the journal is folded instead. */
export const SNAPSHOT_FORMAT = 1;

/** `state` as JSON text. The definition is not in it: the journal's first entry has that. */
export function snapshotText(state: ExecutionState): string {
  return JSON.stringify({ format: SNAPSHOT_FORMAT, rules: RULES, state });
}

/** The state in a snapshot; a problem when another version wrote it. */
export function fromSnapshot(text: string): Result<ExecutionState, { readonly kind: "other-format" }> {
  const json = JSON.parse(text) as Json;
  if (!isJsonObject(json) || json.format !== SNAPSHOT_FORMAT || json.rules !== RULES)
    return fail({ kind: "other-format" });
  return ok(json.state as unknown as ExecutionState);
}
