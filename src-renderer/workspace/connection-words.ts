import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { ConnectionRow } from "@shared/contract/trust";
import { EVERYWHERE } from "./connection-draft.svelte";

/** Where a connection leads, as short as can be: `warehouse @ db.example.com`, `https://api.example.com`, `data.sqlite`. */
export function leadsTo({ kind, settings }: ConnectionRow): string {
  const found = settings[EVERYWHERE] ?? Object.values(settings)[0];
  const own: JsonObject = isJsonObject(found) ? found : {};
  switch (kind) {
    case "sqlite":
      return word(own.file);
    case "postgresql":
    case "mysql":
      return [word(own.database), word(own.host)].filter(Boolean).join(" @ ");
    case "smtp":
      return [word(own.host), word(own.from)].filter(Boolean).join(" · ");
    case "http":
      return word(own.base_url);
    case "webhook":
    case "slack":
      return word(own.channel) || word(own.url);
  }
}

function word(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
