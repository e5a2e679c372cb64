import { isJsonObject, type Json } from "@shared/base/json";
import type { Value } from "@shared/execution/value";

/** The JSON of a value; stored ones do not occur in memory. */
export function jsonOf(value: Value, secrets: ReadonlyMap<string, Json>): Json {
  switch (value.kind) {
    case "inline":
      return value.json;
    case "sensitive":
      return secrets.get(value.id) ?? null;
    case "object":
      return Object.fromEntries(Object.entries(value.fields).map(([key, field]) => [key, jsonOf(field, secrets)]));
    case "list":
      return value.items.map((item) => jsonOf(item, secrets));
    case "part": {
      const whole = jsonOf(value.of, secrets);
      if (typeof value.at === "number")
        return Array.isArray(whole) ? ((whole as readonly Json[])[value.at] ?? null) : null;
      return isJsonObject(whole) ? (whole[value.at] ?? null) : null;
    }
    case "stored":
      throw new Error("stored values need a store");
  }
}
