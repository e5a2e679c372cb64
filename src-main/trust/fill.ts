import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { sensitiveSettings } from "@shared/components/connection-kinds";
import type { Connection } from "@shared/execution/effect";
import type { ComponentError } from "@shared/execution/error";
import { textsOf } from "@shared/execution/secret-text";
import { evaluateTemplate, sentence } from "@shared/expression/evaluate";
import { compileTemplate, isTemplate } from "@shared/expression/template";
import { missingSecret } from "./missing";
import type { KeptConnection, TrustSources } from "./sources";

/** A connection with its settings filled in, and the plain texts among them that are sensitive. */
export interface Filled {
  readonly connection: Connection;
  readonly sensitive: readonly string[];
}

/** A setting that cannot be filled in; thrown inside {@link fill} and caught there. */
class Unfilled extends Error {
  override readonly name = "Unfilled";
  constructor(readonly problem: ComponentError) {
    super(problem.message);
  }
}

/** What `kept` is in `environment`: the settings for all, then those of the environment, with secrets and `env` filled in. */
export function fill(
  kept: KeptConnection,
  environment: string | undefined,
  env: { readonly [name: string]: string },
  secrets: TrustSources["secrets"],
): Result<Filled, ComponentError> {
  const own = environment === undefined ? undefined : kept.settings[environment];
  const sensitive = new Set<string>();
  const scope = Object.assign(Object.create(null) as { [name: string]: unknown }, {
    env,
    secrets: secretScope(kept.name, secrets, sensitive),
  });
  try {
    const settings = filled({ ...kept.settings["*"], ...own }, scope, `The connection ${kept.name}`) as JsonObject;
    for (const path of sensitiveSettings(kept.kind)) for (const text of textsAt(settings, path)) sensitive.add(text);
    return ok({ connection: { name: kept.name, kind: kept.kind, settings }, sensitive: [...sensitive] });
  } catch (error) {
    if (error instanceof Unfilled) return fail(error.problem);
    throw error;
  }
}

function secretScope(connection: string, secrets: TrustSources["secrets"], read: Set<string>): object {
  // The names are asked for only when one is wrong: most attempts read the one secret that is there.
  return new Proxy(Object.create(null) as object, {
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: undefined }),
    get: (_target, name) => {
      if (typeof name !== "string") return undefined;
      const found = secrets.open(name);
      if (typeof found !== "object") {
        const { type, message } = missingSecret(name, found, secrets.names());
        throw new Unfilled({ type, message: `The connection ${connection} cannot be used. ${message}` });
      }
      read.add(found.value);
      return found.value;
    },
  });
}

function filled(json: Json, scope: { readonly [name: string]: unknown }, owner: string): Json {
  if (Array.isArray(json)) return (json as readonly Json[]).map((item) => filled(item, scope, owner));
  if (isJsonObject(json))
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, filled(value ?? null, scope, owner)]));
  if (typeof json !== "string" || !isTemplate(json)) return json;
  const template = compileTemplate(json);
  const result = template.ok ? evaluateTemplate(template.value, { names: scope, mayHoldMarks: false }) : template;
  if (!result.ok)
    throw new Unfilled({
      type: "expression_error",
      message: `${owner} cannot be used: a setting's expression fails. ${sentence(result.problem)}`,
    });
  return result.value.json;
}

/** The texts at `path` of the settings; `*` goes through every key. */
function textsAt(json: Json | undefined, path: readonly string[]): readonly string[] {
  if (json === undefined) return [];
  const [key, ...rest] = path;
  if (key === undefined) return textsOf(json);
  if (!isJsonObject(json)) return [];
  if (key !== "*") return textsAt(json[key], rest);
  return Object.values(json).flatMap((value) => textsAt(value, rest));
}
