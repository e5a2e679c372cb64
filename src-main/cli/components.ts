import { catalogue, descriptorOf } from "@shared/components/catalogue";
import type { Descriptor } from "@shared/components/descriptor";
import { EXIT, usage } from "./exit";
import { print, printJson, table } from "./output";

/** `apg components [TYPE]`: the catalogue, or one type with its keys. */
export async function componentsCommand(
  type: string | undefined,
  options: { readonly json?: boolean },
): Promise<number> {
  if (type === undefined) {
    const all = [...catalogue.values()];
    if (options.json) await printJson(all);
    else
      await print(
        table(
          ["TYPE", "CATEGORY", "DESCRIPTION"],
          all.map(({ type: name, category, description }) => [name, category, description]),
        ),
      );
    return EXIT.ok;
  }
  const found = descriptorOf(type);
  if (!found) throw usage(`There is no component type "${type}"; "apg components" lists them.`);
  if (options.json) await printJson(found);
  else await print(page(found));
  return EXIT.ok;
}

function page(descriptor: Descriptor): string {
  const required = new Set(descriptor.config_schema.required ?? []);
  const rows = Object.entries(descriptor.config_schema.properties).map(([key, schema]) => [
    `${key}${required.has(key) ? " *" : ""}`,
    String(schema["type"] ?? (Array.isArray(schema["enum"]) ? schema["enum"].join(" | ") : "any")),
    schema.default === undefined ? "" : JSON.stringify(schema.default),
    schema.description ?? "",
  ]);
  const keys = rows.length > 0 ? table(["KEY", "TYPE", "DEFAULT", "MEANING"], rows) : "It has no config.";
  return `${descriptor.type}: ${descriptor.title}\n${descriptor.description}\n\n${keys}\n\n${descriptor.help.trim()}`;
}
