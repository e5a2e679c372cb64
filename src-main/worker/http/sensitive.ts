import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";

/** The plain texts that an answer holds under names listed in `sensitive_fields`, at any depth; case does not matter. */
export function sensitiveTexts(listed: Json | undefined, answer: Json): readonly string[] {
  if (!Array.isArray(listed) || listed.length === 0) return [];
  const names = new Set((listed as readonly Json[]).map((name) => String(name).toLowerCase()));
  const found = new Set<string>();
  gather(answer, false, names, found);
  return [...found];
}

function gather(value: Json, named: boolean, names: ReadonlySet<string>, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) gather(item, named, names, found);
  } else if (isJsonObject(value)) {
    for (const [key, field] of Object.entries(value))
      gather(field ?? null, named || names.has(key.toLowerCase()), names, found);
  } else if (named && value !== null && value !== "" && typeof value !== "boolean") {
    found.add(String(value));
  }
}
