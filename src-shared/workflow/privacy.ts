import { isJsonObject, type Json, type JsonObject } from "../base/json";
import type { Workflow } from "./workflow";

/** What a workflow's `privacy` block asks for. Field names are in lower case: case does not matter. */
export interface Privacy {
  /** Never shown on screens, in previews or by the command line. */
  readonly masked: ReadonlySet<string>;
  /** Their texts are taken out of the lines that components log, and of errors. */
  readonly unlogged: ReadonlySet<string>;
  /** Kept in the vault wherever they occur. */
  readonly sealed: ReadonlySet<string>;
  /** Days after which what an execution left is removed. */
  readonly retentionDays?: number;
}

const NONE: ReadonlySet<string> = new Set();
const NO_PRIVACY: Privacy = { masked: NONE, unlogged: NONE, sealed: NONE };
const known = new WeakMap<Workflow, Privacy>();

/**
 * What `workflow`, its aliases in their canonical places, asks for.
 *
 * `pii_fields` are masked; with `encrypt_at_rest` they are sealed too. `sensitive_fields` are sealed.
 */
export function privacyOf(workflow: Workflow): Privacy {
  if (workflow.privacy === undefined) return NO_PRIVACY;
  const found = known.get(workflow) ?? read(workflow.privacy);
  known.set(workflow, found);
  return found;
}

function read(privacy: JsonObject): Privacy {
  const classes = inner(privacy, "data_classification");
  const rules = inner(privacy, "processing_rules");
  const personal = names(classes["pii_fields"]);
  const sensitive = names(classes["sensitive_fields"]);
  const rule = inner(rules, "pii_fields");
  const days = [rule, inner(rules, "sensitive_fields")]
    .map(({ retention_days: each }) => each)
    .filter((each): each is number => typeof each === "number" && each >= 0);
  return {
    masked: new Set([...personal, ...sensitive]),
    unlogged: new Set([...(rule["mask_in_logs"] === false ? [] : personal), ...sensitive]),
    sealed: new Set([...(rule["encrypt_at_rest"] === true ? personal : []), ...sensitive]),
    // Where two classes are kept for different times, the shorter one holds: an execution goes as a whole.
    ...(days.length === 0 ? {} : { retentionDays: Math.min(...days) }),
  };
}

function inner(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isJsonObject(value) ? value : {};
}

function names(json: Json | undefined): readonly string[] {
  if (!Array.isArray(json)) return [];
  return (json as readonly Json[]).filter((name) => typeof name === "string").map((name) => name.toLowerCase());
}
