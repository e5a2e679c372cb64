import { isJsonObject, type JsonObject } from "../../base/json";
import { descriptorOf } from "../../components/catalogue";
import { COMPONENT_REF, componentSchema, resolved, triggerSchema, workflowKeys } from "../schema";
import type { Level, Siblings } from "./cursor";

/** The schema of the mapping or list that `levels` lead to; `{}` where nothing is known. */
export function schemaAt(levels: readonly Level[], siblings: Siblings): { readonly schema: JsonObject } {
  let schema: JsonObject = { properties: workflowKeys };
  levels.forEach((level, index) => {
    schema = below(schema, level);
    if (schema["$ref"] === COMPONENT_REF || isMember(levels, index)) {
      const next = levels[index + 1];
      // The type stands beside the key that leads on, or beside the position itself.
      const beside = next?.kind === "key" ? next.siblings : siblings;
      schema = componentSchema(descriptorOf(beside.get("type") ?? "")?.config_schema);
    } else if (index === 1 && isTrigger(levels)) {
      const next = levels[index + 1];
      schema = triggerSchema((next?.kind === "key" ? next.siblings : siblings).get("type"));
    }
  });
  return { schema };
}

function below(schema: JsonObject, level: Level): JsonObject {
  if (level.kind === "item") {
    const items = schema["items"];
    return isJsonObject(items) ? resolved(items) : {};
  }
  const properties = schema["properties"];
  const own = isJsonObject(properties) ? properties[level.key] : undefined;
  const found = own ?? schema["additionalProperties"];
  return isJsonObject(found) ? withShape(resolved(found)) : {};
}

/** Of several shapes the one with the most keys is the one that can be helped with. */
function withShape(schema: JsonObject): JsonObject {
  const shapes = schema["anyOf"];
  if (!Array.isArray(shapes)) return schema;
  const rich = (shapes as readonly JsonObject[]).find(
    (shape) => isJsonObject(shape["properties"]) || isJsonObject(shape["items"]),
  );
  return rich === undefined ? schema : { ...rich, description: schema["description"] };
}

function isTrigger([first, second]: readonly Level[]): boolean {
  return first?.kind === "key" && first.key === "triggers" && second?.kind === "item";
}

/** An item of an owner's `components` is a component too. */
function isMember(levels: readonly Level[], index: number): boolean {
  const above = levels[index - 1];
  return levels[index]?.kind === "item" && above?.kind === "key" && above.key === "components";
}
