import type { ConfigKeySchema } from "./descriptor";
import { choice, either, flag, list, pairs, text } from "./keys";

/** The functions an aggregate knows. */
export const AGGREGATE_FUNCTIONS = [
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "median",
  "count_distinct",
  "first",
  "last",
] as const;

/** The comparisons a filter condition knows beside equality with a literal. */
export const COMPARISONS = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "contains", "matches", "exists"] as const;

/** The records to work on. */
export const recordsKey: ConfigKeySchema = either(
  "Records",
  "A list of objects, one object, or a dataset; without it, the input.",
  [{ type: "array" }, { type: "object" }, { type: "string" }],
  { "x-field": "expression" },
);

/** A filter: by field, or one CEL condition over `record`. */
export function conditionsKey(title: string): ConfigKeySchema {
  return either(
    title,
    "Keeps the records for which all conditions hold: field to a literal (equals) or to `{eq, ne, gt, gte, lt, lte, in, contains, matches, exists}`; or one CEL condition over `record`.",
    [{ type: "string" }, { type: "object" }],
    { "x-scope": "record" },
  );
}

/** Renaming of fields. */
export function renamesKey(title: string): ConfigKeySchema {
  return pairs(title, "Old field name to its replacement; other fields stay.", { type: "string" });
}

/** Fields computed from each record. */
export const computedKey: ConfigKeySchema = pairs(
  "Computed fields",
  "Field name to a CEL expression over `record`, without braces, e.g. `record.price * record.quantity`.",
  { type: "string" },
  { "x-scope": "record" },
);

/** The fields that make a group. */
export const groupByKey: ConfigKeySchema = either("Group by", "The field, or fields, whose values make a group.", [
  { type: "string" },
  { type: "array", items: { type: "string" } },
]);

/** What is computed for each group. */
export function functionsKey(title: string): ConfigKeySchema {
  return {
    type: "object",
    title,
    description:
      "Function to the fields it is applied to; each gives a column named FUNCTION_FIELD, e.g. `sum_amount`. `count` counts records with a value in the field; where no record knows the field, or it is `*`, it counts records.",
    properties: Object.fromEntries(
      AGGREGATE_FUNCTIONS.map((name) => [
        name,
        { anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }] },
      ]),
    ),
    // Another name is no key too many that has no effect: the component refuses it.
    propertyNames: { enum: AGGREGATE_FUNCTIONS },
    additionalProperties: false,
  };
}

/** The order of the result. */
export function sortKey(title: string): ConfigKeySchema {
  const one = {
    anyOf: [
      { type: "string" },
      {
        type: "object",
        properties: { field: { type: "string" }, order: { type: "string", enum: ["asc", "desc"], default: "asc" } },
        required: ["field"],
        additionalProperties: false,
      },
    ],
  };
  return either(
    title,
    "Fields in order of weight: a name, `-name` for descending, or `{field, order}`. Missing values come last.",
    [...one.anyOf, list("", "", one)],
  );
}

/** What the components that work on records give back. */
export const recordsOutput = {
  description: "The records; above 10,000, where they come from a file, a dataset `{dataset, rows}`.",
  anyOf: [
    { type: "array", items: { type: "object" } },
    {
      type: "object",
      properties: { dataset: { type: "object" }, rows: { type: "integer" } },
      required: ["dataset", "rows"],
    },
  ],
};

/** What a place for records in a database is named by, beside its connection. */
const inDatabase = {
  connection: text("Connection", "The name of one of the workspace's connections to a database."),
  table: text("Table", "The table's name, with its schema if need be."),
};

/** How records are put into a table. */
export const intoTable: { readonly [key: string]: ConfigKeySchema } = {
  mode: choice("Mode", "`append` adds to what is there; `replace` empties the table first.", ["append", "replace"], {
    default: "append",
  }),
  on_conflict: choice(
    "When the key is there",
    "`fail`: a validation error. `ignore`: the record is left out. `update`: the row gets its values.",
    ["fail", "ignore", "update"],
    { default: "fail" },
  ),
  key_columns: list("Key columns", "With `on_conflict`: the columns of the key.", { type: "string" }),
  transaction: flag("Transaction", "All or nothing. Off: each batch for itself.", { default: true }),
};

/** A place for records: a path, a path with its format, or a connection to a database with what `more` says of a table. */
export function recordPlace(
  title: string,
  description: string,
  more: { readonly [key: string]: ConfigKeySchema } = {},
): ConfigKeySchema {
  return either(
    title,
    description,
    [
      { type: "string" },
      {
        type: "object",
        properties: {
          path: { type: "string" },
          format: { type: "string", enum: ["csv", "json", "jsonl", "parquet"] },
          ...inDatabase,
          ...more,
        },
      },
    ],
    { "x-field": "path" },
  );
}
