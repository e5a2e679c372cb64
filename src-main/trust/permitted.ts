import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { isListed, listedResources, type Resource } from "@shared/workflow/resource-access";
import type { ComponentError } from "@shared/execution/error";

/** The error when `permissions` list resources of this sort and `name` is not among them. */
export function forbidden(
  sort: Resource,
  name: string,
  what: string,
  permissions: JsonObject | undefined,
): ComponentError | undefined {
  const listed = listedResources(permissions, sort);
  if (listed === undefined || isListed(listed, name)) return undefined;
  const those = listed.length === 0 ? "names none" : `names ${listed.join(", ")}`;
  return {
    type: "authorization_error",
    message: `The workflow may not use ${what}: its permissions.resource_access.${sort} ${those}.`,
    place: `permissions.resource_access.${sort}`,
  };
}

/** The text of `json`, or of its field `connection`. */
export function connectionNamed(json: Json | undefined): string | undefined {
  if (!isJsonObject(json)) return undefined;
  const { connection } = json;
  return typeof connection === "string" && connection !== "" ? connection : undefined;
}
