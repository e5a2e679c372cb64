import type { Descriptor } from "./descriptor";
import { choice, either } from "./keys";

export const merge: Descriptor = {
  type: "merge",
  title: "Merge",
  category: "flow",
  description: "Brings several ways together into one output.",
  icon: "merge",
  config_schema: {
    type: "object",
    properties: {
      mode: choice(
        "Goes on",
        "`all`: when every way in is settled; `any`: at the first active one; `first`: at the first completed source.",
        ["all", "any", "first"],
        // When it goes on is settled before anything has run.
        { default: "all", "x-template": false },
      ),
      combine: choice(
        "Combine as",
        "`object`: outputs by component id; `append`: one list; `join_by`: records with equal keys become one.",
        ["object", "append", "join_by"],
        { default: "object" },
      ),
      join_by: either("Join by", "With `combine: join_by`: the field, or fields, that records have in common.", [
        { type: "string" },
        { type: "array", items: { type: "string" }, minItems: 1 },
      ]),
      join_type: choice(
        "Keep",
        "With `combine: join_by`: `full` keeps all records, `left` those of the first way, `inner` those found in every way.",
        ["full", "left", "inner"],
        { default: "full" },
      ),
    },
  },
  output_schema: {
    description: "An object by predecessor, or a list.",
    anyOf: [{ type: "object" }, { type: "array" }],
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { mode: "all", combine: "object" },
  pure: true,
  nature: "pure",
  help: "In a join the fields of later ways win over equal names of earlier ones; several matches give a record each. With one way in that holds an object of lists, such as a `parallel`'s output, the lists by its keys are combined.",
  examples: [
    {
      title: "Profiles with their orders",
      yaml: [
        "components:",
        '  - {id: profiles, type: filter, config: {records: "{{ input_data.profiles }}", conditions: {active: true}}}',
        '  - {id: orders, type: filter, config: {records: "{{ input_data.orders }}", conditions: {status: paid}}}',
        "  - {id: merge_profiles, type: merge, config: {combine: join_by, join_by: customer_id, join_type: left}}",
        "connections:",
        "  - {source: profiles, target: merge_profiles}",
        "  - {source: orders, target: merge_profiles}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{combine} {join_by}",
};
