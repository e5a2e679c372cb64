import type { Descriptor } from "./descriptor";
import { functionsKey, groupByKey, recordsKey, recordsOutput } from "./record-keys";

export const aggregate: Descriptor = {
  type: "aggregate",
  title: "Aggregate",
  category: "data",
  description: "Counts, sums and averages records, in groups or as a whole.",
  icon: "sigma",
  config_schema: {
    type: "object",
    properties: { records: recordsKey, group_by: groupByKey, functions: functionsKey("Functions") },
    required: ["functions"],
  },
  output_schema: recordsOutput,
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { functions: { count: ["*"] } },
  pure: true,
  nature: "pure",
  help: 'One record a group, in the groups\' order; without `group_by` one record in all. `count: ["*"]` gives a column `count`.',
  examples: [
    {
      title: "Orders by country",
      yaml: 'components:\n  - id: orders_by_country\n    type: aggregate\n    config:\n      records: "{{ input_data.orders }}"\n      group_by: country\n      functions: {sum: [amount], count: [orders]}\n',
    },
  ],
  summary: "by {group_by}",
};
