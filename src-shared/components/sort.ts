import type { Descriptor } from "./descriptor";
import { recordsKey, recordsOutput, sortKey } from "./record-keys";

export const sort: Descriptor = {
  type: "sort",
  title: "Sort",
  category: "data",
  description: "Puts records in order.",
  icon: "arrow-up-narrow-wide",
  config_schema: { type: "object", properties: { records: recordsKey, by: sortKey("Sort by") }, required: ["by"] },
  output_schema: recordsOutput,
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { by: [] },
  pure: true,
  nature: "pure",
  help: "Records that compare equal keep their order. Numbers sort before text, and missing values come last either way.",
  examples: [
    {
      title: "Newest first, then by name",
      yaml: 'components:\n  - id: newest_first\n    type: sort\n    config:\n      records: "{{ input_data.orders }}"\n      by: [-placed_at, customer]\n',
    },
  ],
  summary: "by {by}",
};
