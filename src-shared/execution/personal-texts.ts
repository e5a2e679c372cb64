import type { Shape } from "./config-template";
import { type FieldNames, textsIn } from "./mask";
import { follow } from "./names";
import { plainJson } from "./parts";
import type { Sight } from "./sight";

/** The texts that the expressions of `shape` read, by name, of fields called like this; those of values kept elsewhere are left out. */
export function personalTexts(shape: Shape, sight: Sight, fields: FieldNames): readonly string[] {
  if (fields.size === 0) return [];
  switch (shape.kind) {
    case "plain":
    case "bad":
      return [];
    case "object":
      return shape.fields.flatMap(([, field]) => personalTexts(field, sight, fields));
    case "list":
      return shape.items.flatMap((item) => personalTexts(item, sight, fields));
    case "template":
      return shape.template.expressions.flatMap(({ names }) =>
        names.flatMap((use) => {
          const path = [use.name, ...use.fields.map(({ key }) => key)];
          const at = path.findIndex((key) => typeof key === "string" && fields.has(key.toLowerCase()));
          const found = follow(sight, at < 0 ? path : path.slice(0, at + 1));
          const json = found.kind === "missing" ? undefined : plainJson(found.value);
          if (json === undefined) return [];
          return textsIn(at < 0 ? json : { [String(path[at])]: json }, fields);
        }),
      );
  }
}
