import type { Json, JsonObject } from "../base/json";

/** The palette's groups; also the colour of the icon tile. */
export type Category = "flow" | "data" | "integrations" | "code" | "apg" | "people";

/** How a form shows a config key that JSON Schema alone does not settle. */
export type FieldHint =
  | "expression" // one CEL expression, braces optional
  | "text" // many lines
  | "code" // opens in the code editor
  | "pairs" // name and value rows
  | "component" // the id of a component
  | "components" // ids of components
  | "workflow" // the id of a workflow
  | "path" // a file path
  | "secret"; // shown as [REDACTED]

/** JSON Schema (draft 2020-12) of one config key, with what a form and completion need. */
export interface ConfigKeySchema extends JsonObject {
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly "x-field"?: FieldHint;
  /** Another place for what stands elsewhere: read, and not offered. */
  readonly "x-alias"?: boolean;
  /** The inspector's tab: the type's own (default) or one shared by all. */
  readonly "x-tab"?: string;
  /** `false`: the key is no template of its owner (`components`, `branches`, `while`, `source`, `schema`, `query`). */
  readonly "x-template"?: boolean;
}

/** JSON Schema of a type's `config`. */
export interface ConfigSchema extends JsonObject {
  readonly type: "object";
  readonly properties: { readonly [key: string]: ConfigKeySchema };
  readonly required?: readonly string[];
}

/** A small piece of YAML that shows the type in use; loads and checks clean. */
export interface DescriptorExample {
  readonly title: string;
  readonly yaml: string;
}

/** Everything the studio knows about a component type without running it. Form, completion, check and docs are made from it. */
export interface Descriptor {
  readonly type: string;
  /** Sentence case, e.g. `HTTP request`. */
  readonly title: string;
  readonly category: Category;
  /** One sentence. */
  readonly description: string;
  /** A Lucide icon's kebab-case name, e.g. `globe`. */
  readonly icon: string;
  readonly config_schema: ConfigSchema;
  readonly output_schema: JsonObject;
  /** Ways out beside success: `error`, `conditional`. `cases` for decision and switch. */
  readonly ports: {
    readonly input: boolean;
    readonly success: boolean;
    readonly error: boolean;
    readonly conditional: boolean;
    readonly cases?: boolean;
  };
  /** The config a new component starts with. */
  readonly defaults: JsonObject;
  /** No network, file, database, trusted code or shared state: may be grouped and may run again. */
  readonly pure: boolean;
  /** `remote`: may fail for reasons of a network, so a retry policy makes sense. `owner`: runs members. */
  readonly nature: "pure" | "remote" | "local" | "owner";
  /** Markdown: when to use it, and each key's meaning where one line is not enough. */
  readonly help: string;
  readonly examples: readonly DescriptorExample[];
  /** The card's second line, as a template over config with `{key}`; absent keys vanish. E.g. `{method} {url}`. */
  readonly summary: string;
}
