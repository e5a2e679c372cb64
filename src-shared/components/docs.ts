import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { catalogue, commonKeys, typeAliases } from "./catalogue";
import type { Category, ConfigKeySchema, Descriptor } from "./descriptor";

const categoryTitles: { readonly [category in Category]: string } = {
  flow: "Flow control",
  data: "Data",
  integrations: "Integrations",
  code: "Code",
  apg: "APG capabilities",
  people: "People",
};

/** A schema's type in a few words, e.g. `list of text`. */
export function typeWords(schema: Json | undefined): string {
  if (!isJsonObject(schema)) return "anything";
  if (Array.isArray(schema["enum"]))
    return (schema["enum"] as readonly Json[]).map((value) => `\`${String(value)}\``).join(" · ");
  if (Array.isArray(schema["anyOf"])) {
    return [...new Set((schema["anyOf"] as readonly Json[]).map(typeWords))].join(" or ");
  }
  const type = schema["type"];
  if (Array.isArray(type)) return [...new Set(type.map((one) => typeWords({ type: one })))].join(" or ");
  switch (type) {
    case "string":
      return "text";
    case "integer":
      return "whole number";
    case "number":
      return "number";
    case "boolean":
      return "yes or no";
    case "null":
      return "null";
    case "array": {
      const items = schema["items"];
      return isJsonObject(items) && Object.keys(items).length > 0 ? `list of ${typeWords(items)}` : "list";
    }
    case "object":
      return "object";
    default:
      return "anything";
  }
}

function cell(words: string): string {
  return words.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function row(name: string, schema: ConfigKeySchema, required: boolean): string {
  const fallback = schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``;
  const words = `${schema.description ?? ""}${required ? " Required." : ""}`.trim();
  return `| \`${name}\` | ${cell(typeWords(schema))} | ${cell(fallback)} | ${cell(words)} |`;
}

function keyRows(properties: JsonObject, required: readonly string[], prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (!isJsonObject(schema)) return [];
    const rows = [row(prefix + name, schema, required.includes(name))];
    const nested = schema["properties"];
    const items = schema["items"];
    if (isJsonObject(nested)) {
      // Functions of an aggregate all take the same: one row says it.
      return schema["additionalProperties"] === false && allAlike(nested)
        ? rows
        : [...rows, ...keyRows(nested, requiredOf(schema), `${prefix}${name}.`)];
    }
    if (isJsonObject(items) && isJsonObject(items["properties"])) {
      return [...rows, ...keyRows(items["properties"], requiredOf(items), `${prefix}${name}[].`)];
    }
    return rows;
  });
}

function allAlike(properties: JsonObject): boolean {
  return new Set(Object.values(properties).map((schema) => JSON.stringify(schema))).size === 1;
}

function requiredOf(schema: JsonObject): readonly string[] {
  const required = schema["required"];
  return Array.isArray(required) ? (required as readonly string[]) : [];
}

function table(properties: JsonObject, required: readonly string[]): string {
  return ["| Key | Type | Default | Meaning |", "|---|---|---|---|", ...keyRows(properties, required, "")].join("\n");
}

function section(descriptor: Descriptor): string {
  const { config_schema: schema } = descriptor;
  const lines = [`### ${descriptor.title} · \`${descriptor.type}\``, "", descriptor.description];
  const aliases = [...typeAliases].filter(([, type]) => type === descriptor.type).map(([alias]) => `\`${alias}\``);
  if (aliases.length > 0) lines.push("", `Also written ${aliases.join(", ")}.`);
  if (Object.keys(schema.properties).length > 0) lines.push("", table(schema.properties, schema.required ?? []));
  const output = descriptor.output_schema;
  const says = output["description"] ?? output["title"];
  lines.push("", `**Output**: ${typeof says === "string" ? `${says} ` : ""}${outputWords(output)}`.trimEnd());
  lines.push("", descriptor.help);
  for (const example of descriptor.examples)
    lines.push("", `${example.title}:`, "", "```yaml", example.yaml.trimEnd(), "```");
  return lines.join("\n");
}

function outputWords(output: JsonObject): string {
  const properties = output["properties"];
  return isJsonObject(properties)
    ? `\`{${Object.keys(properties).join(", ")}}\``
    : output["type"] === "null"
      ? "null"
      : "";
}

/** The text of docs/components.md: every type of the catalogue with its keys, output, help and examples. */
export function componentsDocument(): string {
  const parts = [
    "# Components",
    "",
    "Made from the descriptors in `src-shared/components`; edit those, not this page.",
    "",
    "Any config value may be text with `{{ expressions }}`; a text that is exactly one expression keeps the value's type.",
  ];
  for (const [category, title] of Object.entries(categoryTitles)) {
    const members = [...catalogue.values()].filter((descriptor) => descriptor.category === category);
    parts.push("", `## ${title}`);
    for (const descriptor of members) parts.push("", section(descriptor));
  }
  parts.push("", "## Keys of every component", "", "Beside `id`, `type` and `config`.", "", table(commonKeys, []));
  return parts.join("\n") + "\n";
}
