import { timeoutKey } from "./common";
import type { ConfigKeySchema, Descriptor } from "./descriptor";
import { anything, either, flag, integer, pairs, text } from "./keys";

const connection: ConfigKeySchema = text("Connection", "The name of one of the workspace's connections.", {
  minLength: 1,
});
const table = text("Table", "The table's name, with its schema if need be.", { minLength: 1 });
const where = pairs("Where", "Column to the value it must have; all must match.", {});
const values = either("Values", "One record or a list of them, column to value; without it, the input.", [
  { type: "object" },
  { type: "array", items: { type: "object" } },
  { type: "string" },
]);
const transaction = flag("Transaction", "All or nothing.", { default: true });
const batchSize = integer("Batch size", "Rows sent at a time.", { default: 500, minimum: 1 });
const returned = {
  type: "object",
  properties: {
    rows: { type: "array", items: { type: "object" } },
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
  available: false,
} as const;
const help = "Values always travel as parameters, never inside SQL text.";

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
      parameters: either("Parameters", "A list for `?`, an object for `:name`.", [
        { type: "array" },
        { type: "object" },
        { type: "string" },
      ]),
      batch_size: batchSize,
      transaction,
      timeout: timeoutKey,
    },
    required: ["connection", "query"],
  },
  defaults: { connection: "", query: "select 1" },
  help,
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
    properties: { connection, table, values, batch_size: batchSize, transaction, timeout: timeoutKey },
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
      values: anything("Values", "Column to its new value; without it, the input."),
      where,
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
    properties: { connection, table, where, batch_size: batchSize, transaction, timeout: timeoutKey },
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
