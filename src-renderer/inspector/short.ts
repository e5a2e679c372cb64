import type { Json } from "@shared/base/json";

/** A value in one line: texts in quotes, objects and lists by their size and first keys. */
export function shortOf(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  if (Array.isArray(value)) {
    const first = value[0];
    const keys =
      typeof first === "object" && first !== null && !Array.isArray(first)
        ? ` ${Object.keys(first).slice(0, 5).join(", ")}`
        : "";
    return `[ ${value.length} ]${keys}`;
  }
  if (typeof value === "object" && value !== null) return `{ ${Object.keys(value).length} }`;
  return String(value);
}

/** A value for the line beneath an expression: small ones whole, as JSON. */
export function liveOf(value: Json): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length <= 160 ? text : shortOf(value);
}
