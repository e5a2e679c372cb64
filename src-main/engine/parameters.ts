import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { fail, ok } from "@shared/base/result";
import type { Result } from "@shared/base/result";
import type { Keeper } from "@shared/execution/keep";
import { plainJson } from "@shared/execution/parts";
import { secretFinder, textsOf } from "@shared/execution/secret-text";
import type { SecretFinder } from "@shared/execution/secret-text";
import type { Value } from "@shared/execution/value";
import type { Workflow } from "@shared/workflow/workflow";
import { problemsOf, type ParameterProblem } from "./schemas";

/** Parameters ready for the first event. */
export interface Parameters {
  readonly values: { readonly [name: string]: Value };
  /** Without sensitive parts, for the list of last inputs. */
  readonly shown: { readonly [name: string]: Json };
  /** Finds the sensitive parts' texts elsewhere, e.g. in the input. */
  readonly finder: SecretFinder | undefined;
}

/**
 * Fills in defaults, checks each parameter against its schema and hands the sensitive parts to `keeper`.
 *
 * @param sealed names of fields, in lower case, that are kept in the vault.
 * @param known sensitive texts a caller's values were made of: they stay sensitive whatever the schemas say.
 */
export function parametersOf(
  definition: Workflow,
  given: { readonly [name: string]: Json },
  keeper: Keeper,
  known: readonly string[] = [],
  sealed: ReadonlySet<string> = new Set(),
): Result<Parameters, readonly ParameterProblem[]> {
  const schemas = definition.parameters ?? {};
  const names = Object.keys(schemas);
  if (names.length === 0 && Object.keys(given).length === 0) return ok({ values: {}, shown: {}, finder: undefined });
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(schemas, name));
  if (unknown.length > 0)
    return fail(
      unknown.map((name) => ({
        name,
        message: `There is no parameter ${name}${names.length === 0 ? "" : `; there are ${names.join(", ")}`}.`,
      })),
    );
  const filled = structuredClone(given) as { [name: string]: Json };
  const problems = problemsOf(schemas, filled);
  if (problems.length > 0) return fail(problems);
  const secrets = [...known];
  const marked = known.length === 0 ? undefined : secretFinder(known);
  const values: [string, Value][] = [];
  const shown: [string, Json][] = [];
  for (const [name, json] of Object.entries(filled)) {
    const schema = schemas[name] ?? {};
    const isSealed = sealed.has(name.toLowerCase()) && json !== null;
    const value = isSealed
      ? keeper.seal(json)
      : valueOf(json, schema, (plain) => keeper.keep(plain, marked), keeper.seal, secrets);
    if (isSealed) secrets.push(...textsOf(json));
    values.push([name, value]);
    const isHidden = sealed.size > 0 && plainJson(value) === undefined;
    const part = isHidden || marked?.mayHold(JSON.stringify(json)) ? undefined : withoutSensitive(json, schema);
    if (part !== undefined) shown.push([name, part]);
  }
  return ok({ values: Object.fromEntries(values), shown: Object.fromEntries(shown), finder: secretFinder(secrets) });
}

type ToValue = (json: Json) => Value;

function valueOf(json: Json, schema: JsonObject, keep: ToValue, seal: ToValue, secrets: string[]): Value {
  if (schema["sensitive"] === true) {
    secrets.push(...textsOf(json));
    return seal(json);
  }
  const { properties, items } = schema;
  if (isJsonObject(json) && isJsonObject(properties) && hasSensitive(schema)) {
    return {
      kind: "object",
      fields: Object.fromEntries(
        Object.entries(json).map(([key, one]) => [
          key,
          valueOf(one ?? null, asSchema(properties[key]), keep, seal, secrets),
        ]),
      ),
    };
  }
  if (Array.isArray(json) && isJsonObject(items) && hasSensitive(items))
    return { kind: "list", items: json.map((one) => valueOf(one, items, keep, seal, secrets)) };
  return keep(json);
}

function withoutSensitive(json: Json, schema: JsonObject): Json | undefined {
  if (schema["sensitive"] === true) return undefined;
  if (!hasSensitive(schema)) return json;
  const { properties, items } = schema;
  if (isJsonObject(json) && isJsonObject(properties)) {
    return Object.fromEntries(
      Object.entries(json).flatMap(([key, one]) => {
        const part = withoutSensitive(one ?? null, asSchema(properties[key]));
        return part === undefined ? [] : [[key, part]];
      }),
    );
  }
  if (Array.isArray(json) && isJsonObject(items)) return json.flatMap((one) => withoutSensitive(one, items) ?? []);
  return json;
}

function hasSensitive(schema: JsonObject): boolean {
  if (schema["sensitive"] === true) return true;
  if (isJsonObject(schema["items"]) && hasSensitive(schema["items"])) return true;
  return (
    isJsonObject(schema["properties"]) &&
    Object.values(schema["properties"]).some((one) => isJsonObject(one) && hasSensitive(one))
  );
}

function asSchema(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {};
}
