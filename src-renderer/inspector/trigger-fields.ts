import { isJsonObject, type JsonObject } from "@shared/base/json";
import { resolved } from "@shared/workflow/schema";
import { triggerKeys } from "@shared/workflow/triggers/keys";
import type { TRIGGER_TYPES } from "@shared/workflow/triggers/trigger";
import { inspectorText as words } from "../text/inspector";

export type TriggerType = (typeof TRIGGER_TYPES)[number];

/** A key of a trigger as the form shows it. */
export interface TriggerField {
  readonly key: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

const REQUIRED: ReadonlySet<string> = new Set(["cron", "path", "event_pattern"]);
/** Keys whose values are evaluated, each in its way. */
const EVALUATED: { readonly [key: string]: JsonObject } = {
  filter: { "x-scope": "event" },
  input: { "x-yaml": true },
  parameters: { "x-field": "pairs" },
  event: { type: "string", enum: ["added", "changed", "removed"], "x-template": false },
};

/** The keys a trigger of a type may have, those that matter first. */
export function triggerFields(type: TriggerType): readonly TriggerField[] {
  const properties = resolved({ $ref: "#/$defs/trigger" }).properties;
  const known = isJsonObject(properties) ? properties : {};
  return (triggerKeys(type) ?? []).map((key) => {
    const found = known[key];
    const schema = isJsonObject(found) ? found : {};
    return { key, schema: { ...titled(key, schema), ...EVALUATED[key] }, required: REQUIRED.has(key) };
  });
}

/** A schema with titles in words and texts that stand as they are. */
function titled(key: string, schema: JsonObject): JsonObject {
  const { properties } = schema;
  return {
    ...schema,
    title: words.triggerTitles[key] ?? spaced(key),
    ...(schema.type === "string" && schema.enum === undefined && schema["x-field"] === undefined
      ? { "x-template": false }
      : {}),
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([inner, part]) => [inner, isJsonObject(part) ? titled(inner, part) : null]),
          ),
        }
      : {}),
  };
}

function spaced(key: string): string {
  const text = key.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a new trigger of a type begins with. */
export function newTrigger(type: TriggerType, workflowId: string): JsonObject {
  switch (type) {
    case "schedule":
      return { type, cron: "0 6 * * *", timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    case "webhook":
      return { type, path: `/hooks/${workflowId}` };
    case "apg_event":
      return { type, event_pattern: `${workflowId}.*` };
    case "file":
      return { type, path: "inbox", pattern: "*.csv" };
    case "manual":
      return { type };
  }
}
