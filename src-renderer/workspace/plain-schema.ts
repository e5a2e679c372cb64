import { isJsonObject, type JsonObject } from "@shared/base/json";

/** A schema whose texts are values: what stands in them is not evaluated, but for secrets. */
export function plainSchema(schema: JsonObject): JsonObject {
  const { "x-field": hint, properties, ...rest } = schema;
  const inside = isJsonObject(properties)
    ? {
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, part]) => [
            key,
            isJsonObject(part) ? plainSchema(part) : (part ?? null),
          ]),
        ),
      }
    : {};
  const kept = hint === undefined || hint === "path" || hint === "expression" ? {} : { "x-field": hint };
  return {
    ...rest,
    ...inside,
    ...kept,
    ...(schema.type === "string" && schema.enum === undefined ? { "x-template": false } : {}),
  };
}
