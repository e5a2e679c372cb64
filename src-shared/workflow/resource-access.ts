import { isJsonObject, type Json, type JsonObject } from "../base/json";

/** What a workflow's `permissions.resource_access` may list. */
export type Resource = "databases" | "apis" | "secrets";

/**
 * The names that `permissions.resource_access` lists for `sort`.
 *
 * @returns undefined when it lists nothing of the sort, which allows everything; an empty list allows nothing.
 */
export function listedResources(permissions: JsonObject | undefined, sort: Resource): readonly string[] | undefined {
  const access = permissions?.["resource_access"];
  const listed = isJsonObject(access) ? access[sort] : undefined;
  if (!Array.isArray(listed)) return undefined;
  return (listed as readonly Json[]).filter((name): name is string => typeof name === "string");
}

/** Whether `name` is among `listed`; `*.example.com` stands for every host below. */
export function isListed(listed: readonly string[], name: string): boolean {
  return listed.some((each) => each === name || (each.startsWith("*.") && name.endsWith(each.slice(1))));
}
