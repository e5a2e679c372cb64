import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import { CONNECTION_KIND_NAMES, type ConnectionKind } from "./connection-kinds";

/** A connection that a workflow brings along, in a file `NAME.connections.json` beside it. */
export interface BroughtConnection {
  readonly name: string;
  readonly kind: ConnectionKind;
  /** By environment, `*` for all others. Sensitive settings are `{{ secrets.NAME }}`. */
  readonly settings: { readonly [environment: string]: JsonObject };
  readonly serves: readonly string[];
}

/**
 * Reads `{"warehouse": {"kind": "sqlite", "settings": {"*": {"file": "warehouse.sqlite"}}}}`.
 *
 * @returns a sentence about the first thing that is wrong.
 */
export function readConnectionsFile(text: string): Result<readonly BroughtConnection[], string> {
  const json = parsed(text);
  if (!isJsonObject(json)) return fail("It is no JSON object of connections by name.");
  const found: BroughtConnection[] = [];
  for (const [name, said] of Object.entries(json)) {
    const kind = isJsonObject(said) ? CONNECTION_KIND_NAMES.find((each) => each === said["kind"]) : undefined;
    if (!isJsonObject(said) || kind === undefined)
      return fail(`${name}: its kind is none of ${CONNECTION_KIND_NAMES.join(", ")}.`);
    const { settings, serves } = said;
    if (!isJsonObject(settings) || !Object.values(settings).every(isJsonObject))
      return fail(`${name}: settings takes an object of settings for each environment, "*" for all.`);
    found.push({
      name,
      kind,
      settings: settings as { readonly [environment: string]: JsonObject },
      serves: Array.isArray(serves) ? (serves as readonly Json[]).filter((each) => typeof each === "string") : [],
    });
  }
  return ok(found);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // told as no object
  }
}
