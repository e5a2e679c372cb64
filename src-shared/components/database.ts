import { timeoutKey } from "./common";
import type { ConfigKeySchema, Descriptor } from "./descriptor";
import { choice, either, flag, integer, list, text } from "./keys";

const connection: ConfigKeySchema = text("Connection", "The name of one of the workspace's connections.", {
  minLength: 1,
});
const table = text("Table", "The table's name, with its schema if need be.", { minLength: 1 });
const CONDITIONS =
  "Column to the value it must have (a list: one of them; null: none) or to `{eq, ne, gt, gte, lt, lte, in, contains, exists}`; all must match.";
const updateWhere = either(
  "Where",
  `${CONDITIONS} Or a list of key columns: each record of \`values\` then changes the row with its key.`,
  [{ type: "object" }, { type: "array", items: { type: "string" } }, { type: "string" }],
  { "x-field": "pairs" },
);
const deleteWhere = either(
  "Where",
  `${CONDITIONS} Or a list of such conditions, or a list of key columns: the rows with the keys of the input's records.`,
  [{ type: "object" }, { type: "array", items: { type: ["object", "string"] } }, { type: "string" }],
  { "x-field": "pairs" },
);
const values = either("Values", "One record, a list of them or a dataset, column to value; without it, the input.", [
  { type: "object" },
  { type: "array", items: { type: "object" } },
  { type: "string" },
]);
const transaction = flag("Transaction", "All or nothing. Off: each batch for itself.", {
  default: true,
  "x-tab": "limits",
});
const batchSize = integer("Batch size", "Rows sent, or read, at a time.", {
  default: 500,
  minimum: 1,
  "x-tab": "limits",
});
const returned = {
  type: "object",
  properties: {
    rows: {
      description: "The rows; above 10,000 a dataset. Of an insert: the keys that the database made, for up to 10,000.",
      anyOf: [{ type: "array", items: { type: "object" } }, { type: "object" }],
    },
    row_count: { type: "integer", description: "Rows given back, or changed." },
  },
  required: ["rows", "row_count"],
};
const base = {
  category: "integrations",
  output_schema: returned,
  ports: { input: true, success: true, error: true, conditional: true },
  pure: false,
  nature: "remote",
} as const;
const help =
  "Values always travel as parameters, never inside SQL text. An attempt that started and did not end (a crash, a lost connection) is made again, so a change may happen twice: make it one that can, with `on_conflict` and a key, or with a `where` that no longer matches.";

export const database: Descriptor = {
  ...base,
  type: "database",
  title: "Database",
  description: "Runs a SQL statement with parameters.",
  icon: "database",
  config_schema: {
    type: "object",
    properties: {
      connection,
      query: text("Query", "SQL with `?` or `:name` for each parameter; no expressions.", {
        "x-field": "code",
        "x-template": false,
      }),
      parameters: either(
        "Parameters",
        "A list for `?`, an object for `:name`; a list of objects runs the statement once for each.",
        [{ type: "array" }, { type: "object" }, { type: "string" }],
      ),
      batch_size: batchSize,
      transaction,
      timeout: timeoutKey,
    },
    required: ["connection", "query"],
  },
  defaults: { connection: "", query: "select 1" },
  help: [
    help,
    "",
    "`in (:names)` takes a list. A question mark of SQL itself is written `??`. Columns that share a name need an alias. Numbers that JSON cannot hold exactly come as text, dates and times as ISO 8601 text, bytes as base64.",
    "",
    "More than 10,000 rows are kept in a file and given as a dataset, which record components read as they read a file.",
  ].join("\n"),
  examples: [
    {
      title: "Orders of a customer",
      yaml: 'components:\n  - id: orders_of_customer\n    type: database\n    config:\n      connection: warehouse\n      query: select * from orders where customer_id = :customer\n      parameters: {customer: "{{ input_data.customer_id }}"}\n    retry_policy: {max_attempts: 3}\n',
    },
  ],
  summary: "{connection}",
};

export const databaseInsert: Descriptor = {
  ...base,
  type: "database_insert",
  title: "Database insert",
  description: "Adds rows to a table.",
  icon: "database",
  config_schema: {
    type: "object",
    properties: {
      connection,
      table,
      values,
      on_conflict: choice(
        "When the key is there",
        "`fail`: a validation error. `ignore`: the record is left out. `update`: the row gets its values.",
        ["fail", "ignore", "update"],
        { default: "fail" },
      ),
      key_columns: list("Key columns", "With `on_conflict`: the columns of the key.", { type: "string" }),
      batch_size: batchSize,
      transaction,
      timeout: timeoutKey,
    },
    required: ["connection", "table"],
  },
  defaults: { connection: "", table: "" },
  help,
  examples: [
    {
      title: "Store customers",
      yaml: 'components:\n  - id: store_customers\n    type: database_insert\n    config: {connection: warehouse, table: customers, values: "{{ input_data.customers }}"}\n    retry_policy: {max_attempts: 3}\n',
    },
  ],
  summary: "{connection}.{table}",
};

export const databaseUpdate: Descriptor = {
  ...base,
  type: "database_update",
  title: "Database update",
  description: "Changes rows of a table.",
  icon: "database",
  config_schema: {
    type: "object",
    properties: {
      connection,
      table,
      values: either("Values", "Column to its new value, or a list of such records; without it, the input.", [
        { type: "object" },
        { type: "array", items: { type: "object" } },
        { type: "string" },
      ]),
      where: updateWhere,
      batch_size: batchSize,
      transaction,
      timeout: timeoutKey,
    },
    required: ["connection", "table", "where"],
  },
  defaults: { connection: "", table: "", where: {} },
  help,
  examples: [
    {
      title: "Take from the stock",
      yaml: 'components:\n  - id: update_inventory\n    type: database_update\n    config:\n      connection: shop\n      table: inventory\n      values: {reserved: true}\n      where: {sku: "{{ input_data.sku }}"}\n    retry_policy: {max_attempts: 3}\n',
    },
  ],
  summary: "{connection}.{table}",
};

export const databaseDelete: Descriptor = {
  ...base,
  type: "database_delete",
  title: "Database delete",
  description: "Removes rows from a table.",
  icon: "database",
  config_schema: {
    type: "object",
    properties: { connection, table, where: deleteWhere, batch_size: batchSize, transaction, timeout: timeoutKey },
    required: ["connection", "table", "where"],
  },
  defaults: { connection: "", table: "", where: {} },
  help: `${help} An empty \`where\` is refused: it would empty the table.`,
  examples: [
    {
      title: "Undo an order",
      yaml: 'components:\n  - id: delete_order\n    type: database_delete\n    config: {connection: shop, table: orders, where: {id: "{{ input_data.order_id }}"}}\n    retry_policy: {max_attempts: 3}\n',
    },
  ],
  summary: "{connection}.{table}",
};
