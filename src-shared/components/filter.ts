import type { Descriptor } from "./descriptor";
import { conditionsKey, recordsKey, recordsOutput } from "./record-keys";

export const filter: Descriptor = {
  type: "filter",
  title: "Filter",
  category: "data",
  description: "Keeps the records for which conditions hold.",
  icon: "funnel",
  config_schema: {
    type: "object",
    properties: { records: recordsKey, conditions: conditionsKey("Keep where") },
    required: ["conditions"],
  },
  output_schema: recordsOutput,
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { conditions: {} },
  pure: true,
  nature: "pure",
  help: "All conditions must hold. For anything more, write one CEL condition: `record.total > 100 || record.vip`.",
  examples: [
    {
      title: "Paid orders above 100",
      yaml: 'components:\n  - id: large_orders\n    type: filter\n    config:\n      records: "{{ input_data.orders }}"\n      conditions: {status: paid, total: {gt: 100}}\n',
    },
  ],
  summary: "{conditions}",
};
