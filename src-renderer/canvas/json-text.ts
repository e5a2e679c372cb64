import { REDACTED, type Value } from "@shared/execution/value";

/** A value in a few characters. */
export function jsonText(value: Value): string {
  switch (value.kind) {
    case "inline": {
      const text = JSON.stringify(value.json) ?? "null";
      return text.length > 48 ? `${text.slice(0, 47)}…` : text;
    }
    case "stored":
      return value.summary;
    case "sensitive":
      return REDACTED;
    case "object":
      return `{ ${Object.keys(value.fields).length} }`;
    case "list":
      return `[ ${value.items.length} ]`;
    case "part":
      return "";
  }
}
