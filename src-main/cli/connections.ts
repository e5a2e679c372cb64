import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { CONNECTION_KIND_NAMES, type ConnectionKind } from "@shared/components/connection-kinds";
import { pairsOf } from "./asking";
import { EXIT, usage } from "./exit";
import type { OpenHost } from "./host";
import { inHost, type Options } from "./in-host";
import { duration, print, printJson, say, table } from "./output";

/** `apg connections list`. */
export function listConnections(options: Options, openHost: OpenHost): Promise<number> {
  return inHost(openHost, options.workspace, async ({ trust }) => {
    const connections = trust.connections();
    if (options.json) await printJson(connections);
    else if (connections.length === 0)
      say('There are no connections; "apg connections set NAME --kind KIND setting=value" makes one.');
    else {
      const rows = connections.map(({ name, kind, settings, usedBy }) => [
        name,
        kind,
        Object.keys(settings)
          .map((environment) => (environment === "*" ? "all" : environment))
          .join(", "),
        usedBy.join(", "),
      ]);
      await print(table(["NAME", "KIND", "ENVIRONMENTS", "USED BY"], rows));
    }
    return EXIT.ok;
  });
}

/** `apg connections set NAME setting=value…`: what is not named stays as it is; `setting=` removes one. */
export function setConnection(
  name: string,
  settings: readonly string[],
  options: Options & { readonly kind?: string; readonly env?: string; readonly serves: readonly string[] },
  openHost: OpenHost,
): Promise<number> {
  const pairs = pairsOf(settings);
  return inHost(openHost, options.workspace, async ({ trust, sentence }) => {
    const before = trust.connections().find((one) => one.name === name);
    const kind = options.kind ?? before?.kind;
    if (kind === undefined || !isKind(kind))
      throw usage(`${name}: needs --kind, one of ${CONNECTION_KIND_NAMES.join(", ")}.`);
    const environment = options.env ?? "*";
    const own = pairs.reduce<JsonObject>(
      (all, [key, value]) => withSetting(all, key.split("."), value === "" ? undefined : valueOf(value)),
      before?.settings[environment] ?? {},
    );
    const serves = options.serves.length > 0 ? options.serves : (before?.serves ?? []);
    const done = trust.setConnection(
      { name, kind, settings: { ...before?.settings, [environment]: own }, serves },
      undefined,
    );
    if (!done.ok) throw usage(sentence(done.problem));
    say(`${name} is set.`);
    return EXIT.ok;
  });
}

function isKind(text: string): text is ConnectionKind {
  return (CONNECTION_KIND_NAMES as readonly string[]).includes(text);
}

/** Numbers, true and false, lists and mappings as JSON; anything else is text. */
function valueOf(text: string): Json {
  if (!/^(?:-?\d+(?:\.\d+)?|true|false|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // A text that only looks like JSON, such as one expression in braces.
    return text;
  }
}

function withSetting(settings: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return settings;
  const { [key]: inner, ...others } = settings;
  if (rest.length > 0) return { ...others, [key]: withSetting(isJsonObject(inner) ? inner : {}, rest, value) };
  return value === undefined ? others : { ...others, [key]: value };
}

/** `apg connections test NAME`. */
export function testConnection(
  name: string,
  options: Options & { readonly env?: string },
  openHost: OpenHost,
): Promise<number> {
  return inHost(openHost, options.workspace, async ({ testConnection: tested, sentence }) => {
    const result = await tested(name, options.env);
    if (!result.ok) throw usage(sentence(result.problem));
    say(`${name}: ${result.value.message} (${duration(result.value.ms)})`);
    return result.value.ok ? EXIT.ok : EXIT.failed;
  });
}

/** `apg connections delete|restore NAME`. */
export function changeConnection(
  verb: "delete" | "restore",
  name: string,
  options: Options,
  openHost: OpenHost,
): Promise<number> {
  return inHost(openHost, options.workspace, async ({ trust, sentence }) => {
    const done = verb === "delete" ? trust.deleteConnection(name) : trust.restoreConnection(name);
    if (!done.ok) throw usage(sentence(done.problem));
    say(
      verb === "delete" ? `${name} is deleted; "apg connections restore ${name}" brings it back.` : `${name} is back.`,
    );
    return EXIT.ok;
  });
}
