import type { JsonObject } from "@shared/base/json";
import type { Descriptor } from "@shared/components/descriptor";
import { choiceTitle } from "./field-kind";

export const TABS = ["own", "errors", "limits", "output", "notes"] as const;
export type TabName = (typeof TABS)[number];

export interface ConfigField {
  readonly key: string;
  readonly schema: JsonObject;
}

/** The config keys of a type as the form shows them: short ones side by side, keys for experts under Limits. */
export interface ConfigGroups {
  readonly own: readonly (readonly ConfigField[])[];
  readonly limits: readonly ConfigField[];
  /** Keys in the text that the type does not know; kept, and shown so that they can be seen and removed. */
  readonly unknown: readonly string[];
}

const NO_DESCRIPTOR: ConfigGroups = { own: [], limits: [], unknown: [] };
/** Keys that share the form's first line where a type has them. */
const FIRST = ["method", "operation", "language", "level", "mode", "response_type", "format", "timeout", "trust"];
/** The characters of that line, and what a choice's arrow or a unit takes of them. */
const LINE = 32;
const MARGIN = 4;
const LATER = new Set([
  "follow_redirects",
  "max_response_mb",
  "sensitive_fields",
  "network_policy",
  "memory_limit_mb",
  "streaming",
]);

export function groupsOf(descriptor: Descriptor | undefined, config: JsonObject): ConfigGroups {
  if (!descriptor) return { ...NO_DESCRIPTOR, unknown: Object.keys(config) };
  const known = descriptor.config_schema.properties;
  const fields = Object.entries(known).map(([key, schema]) => ({ key, schema }));
  const shown = fields.filter(({ schema }) => schema["x-tab"] !== "hidden");
  const late = (field: ConfigField): boolean => field.schema["x-tab"] !== undefined || LATER.has(field.key);
  const short = shown
    .filter((field) => !late(field) && FIRST.includes(field.key) && isShort(field.schema))
    .sort((a, b) => FIRST.indexOf(a.key) - FIRST.indexOf(b.key))
    .filter((_, index, all) => all.slice(0, index + 1).reduce((sum, field) => sum + widthOf(field), 0) <= LINE);
  const rest = shown.filter((field) => !late(field) && !short.includes(field));
  const required = new Set(descriptor.config_schema.required ?? []);
  // What must be given comes first; the rest keeps the descriptor's order.
  const ordered = [
    ...rest.filter((field) => required.has(field.key)),
    ...rest.filter((field) => !required.has(field.key)),
  ];
  return {
    own: [...(short.length > 0 ? [short] : []), ...ordered.map((field) => [field])],
    limits: shown.filter(late),
    unknown: Object.keys(config).filter((key) => !(key in known)),
  };
}

/** How many characters wide a short field has to be for its longest choice. */
export function widthOf({ schema }: ConfigField): number {
  const words = Array.isArray(schema.enum) ? schema.enum.map((choice) => choiceTitle(String(choice)).length) : [];
  return MARGIN + Math.max(4, ...words);
}

function isShort(schema: JsonObject): boolean {
  return Array.isArray(schema.enum) || schema.type === "number" || schema.type === "integer";
}
