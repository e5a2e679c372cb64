import type { Json } from "@shared/base/json";
import { REDACTED, type Value } from "@shared/execution/value";

/** A value as people are shown it outside its execution: sensitive parts `[REDACTED]`, large ones their preview. */
export function shownJson(value: Value): Json {
  switch (value.kind) {
    case "inline":
      return value.json;
    case "stored":
      return value.preview;
    case "sensitive":
      return REDACTED;
    case "object":
      return Object.fromEntries(Object.entries(value.fields).map(([key, field]) => [key, shownJson(field)]));
    case "list":
      return value.items.map(shownJson);
    case "part":
      return partOf(shownJson(value.of), value.at);
  }
}

function partOf(whole: Json, at: string | number): Json {
  // What a preview leaves out is not shown.
  if (typeof whole !== "object" || whole === null) return whole === REDACTED ? REDACTED : null;
  return (whole as { readonly [key: string]: Json | undefined })[at] ?? null;
}
