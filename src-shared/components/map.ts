import type { Descriptor } from "./descriptor";
import { computedKey, recordsKey, recordsOutput, renamesKey } from "./record-keys";

export const map: Descriptor = {
  type: "map",
  title: "Map",
  category: "data",
  description: "Renames fields of records and computes others.",
  icon: "arrow-right-left",
  config_schema: {
    type: "object",
    properties: { records: recordsKey, fields: renamesKey("Rename fields"), computed_fields: computedKey },
  },
  output_schema: recordsOutput,
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { fields: {} },
  pure: true,
  nature: "pure",
  help: "Computed fields see the renamed ones, and each the record as it was before any was computed.",
  examples: [
    {
      title: "A total for each line",
      yaml: 'components:\n  - id: price_lines\n    type: map\n    config:\n      records: "{{ input_data.lines }}"\n      fields: {qty: quantity}\n      computed_fields: {total: record.price * record.quantity}\n',
    },
  ],
  summary: "{fields} {computed_fields}",
};
