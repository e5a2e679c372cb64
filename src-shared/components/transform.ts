import type { Descriptor } from "./descriptor";
import { either, fields, flag, integer, number, text } from "./keys";
import {
  computedKey,
  conditionsKey,
  intoTable,
  functionsKey,
  groupByKey,
  recordPlace,
  recordsKey,
  recordsOutput,
  renamesKey,
  sortKey,
} from "./record-keys";

export const transform: Descriptor = {
  type: "transform",
  title: "Transform",
  category: "data",
  description: "Renames, computes, filters, groups and sorts records, in memory, or from and to files and databases.",
  icon: "shuffle",
  config_schema: {
    type: "object",
    properties: {
      records: recordsKey,
      source: recordPlace(
        "Source",
        "A CSV, JSON, JSON lines or Parquet file to read instead of `records`, a dataset, or `{connection, table}` of a database.",
      ),
      query: text(
        "Query",
        "With a `source` that is only a connection: SQL with `?` or `:name` for each parameter; no expressions.",
        { "x-field": "code", "x-template": false },
      ),
      parameters: either("Parameters", "Of the query: a list for `?`, an object for `:name`.", [
        { type: "array" },
        { type: "object" },
        { type: "string" },
      ]),
      destination: recordPlace(
        "Destination",
        "A file the result is written to, or `{connection, table}` of a database; the output then describes the file or table.",
        intoTable,
      ),
      transformation_rules: fields("Rules", "Applied in this order; fields that no rule names stay.", {
        map_fields: renamesKey("Rename fields"),
        computed_fields: computedKey,
        filter_conditions: conditionsKey("Keep where"),
        group_by: groupByKey,
        aggregate_functions: functionsKey("Aggregates"),
        sort_by: sortKey("Sort by"),
      }),
      batch_size: integer(
        "Batch size",
        "Records handled at a time where work cannot be left to the database engine, and rows read from or sent to a table at a time.",
        {
          default: 1000,
          minimum: 1,
          "x-tab": "limits",
        },
      ),
      streaming: flag(
        "Streaming",
        "Passes a result above 10,000 records on as a dataset; off: always as records in memory.",
        { default: true, "x-tab": "limits" },
      ),
      memory_limit_mb: number("Memory limit", "Megabytes for reading and sorting; beyond them it uses the disk.", {
        default: 256,
        minimum: 64,
        "x-tab": "limits",
      }),
    },
  },
  output_schema: recordsOutput,
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { transformation_rules: {} },
  // With `source` or `destination` it touches files; `isPure` tells such a component apart.
  pure: true,
  nature: "pure",
  help: [
    "One component for what would otherwise be a chain of map, filter, aggregate and sort; a million records from a file take about a second because the work is done where the file is read.",
    "",
    "Files and databases are read bit by bit, and the next bit is read when the last one is written: the size of the source does not matter. A result above 10,000 records is passed on as a dataset, which later components read from its source.",
    "",
    "`filter_conditions` sees renamed and computed fields; `sort_by` sees the aggregates' columns.",
    "",
    "In a JSON file above 4 MB a field that is null and one that is missing are the same. Computed fields that the database engine cannot say run batch by batch, which takes longer.",
  ].join("\n"),
  examples: [
    {
      title: "Revenue by country from a file",
      yaml: [
        "components:",
        "  - id: revenue_by_country",
        "    type: transform",
        "    config:",
        "      source: data/orders.csv",
        "      transformation_rules:",
        "        map_fields: {ctry: country}",
        "        computed_fields: {amount: record.price * record.quantity}",
        "        filter_conditions: {status: paid, amount: {gt: 0}}",
        "        group_by: country",
        "        aggregate_functions: {sum: [amount], count: [orders]}",
        "        sort_by: -sum_amount",
        "",
      ].join("\n"),
    },
    {
      title: "Revenue by country into a table",
      yaml: [
        "components:",
        "  - id: revenue_table",
        "    type: transform",
        "    config:",
        "      source: data/orders.csv",
        "      destination: {connection: warehouse, table: revenue, mode: replace}",
        "      transformation_rules:",
        "        group_by: country",
        "        aggregate_functions: {sum: [amount]}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{source} {destination}",
};
