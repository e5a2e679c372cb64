import { caseOutput } from "./decision";
import type { Descriptor } from "./descriptor";
import { anything, list, text } from "./keys";

export const switchType: Descriptor = {
  type: "switch",
  title: "Switch",
  category: "flow",
  description: "Chooses the case that equals a value.",
  icon: "route",
  config_schema: {
    type: "object",
    properties: {
      value: anything("Value", "What is compared.", { "x-field": "expression" }),
      cases: list(
        "Cases",
        "Tried in this order.",
        {
          type: "object",
          properties: {
            id: text("Id", "What connections name as `case`."),
            equals: anything("Equals", "Chosen when the value is this."),
            label: text("Label", "Shown on the canvas."),
          },
          required: ["id", "equals"],
          additionalProperties: false,
        },
        { minItems: 1 },
      ),
      default: text("Otherwise", "The case that is chosen when none equals; without it that is a `validation_error`."),
    },
    required: ["value", "cases"],
  },
  output_schema: caseOutput,
  ports: { input: true, success: true, error: true, conditional: true, cases: true },
  defaults: { value: "{{ input }}", cases: [{ id: "first", equals: 1 }], default: "other" },
  pure: true,
  nature: "pure",
  help: "Values are compared as JSON: 1 equals 1.0, and objects equal when their fields do. For ranges use a decision.",
  examples: [
    {
      title: "By country",
      yaml: [
        "components:",
        "  - id: route_country",
        "    type: switch",
        "    config:",
        '      value: "{{ input_data.country }}"',
        "      cases: [{id: kenya, equals: KE}, {id: norway, equals: NO}]",
        "      default: elsewhere",
        "  - {id: log_kenya, type: log, config: {message: To Nairobi}}",
        "connections:",
        "  - {source: route_country, target: log_kenya, type: conditional, case: kenya}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{value}",
};
