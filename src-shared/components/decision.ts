import type { Descriptor } from "./descriptor";
import { list, text } from "./keys";

/** What a decision and a switch give. */
export const caseOutput = {
  type: "object",
  properties: {
    case: { type: "string", description: "The id of the chosen case." },
    value: { description: "The input." },
  },
  required: ["case", "value"],
};

export const decision: Descriptor = {
  type: "decision",
  title: "Decision",
  category: "flow",
  description: "Chooses the first case whose condition holds.",
  icon: "diamond",
  config_schema: {
    type: "object",
    properties: {
      cases: list(
        "Cases",
        "Tried in this order; the first that holds is chosen.",
        {
          type: "object",
          properties: {
            id: text("Id", "What connections name as `case`."),
            condition: {
              title: "Condition",
              description: "CEL; braces may be left out.",
              anyOf: [{ type: "string" }, { type: "boolean" }],
              "x-field": "expression",
            },
            label: text("Label", "Shown on the canvas."),
          },
          required: ["id", "condition"],
          additionalProperties: false,
        },
        { minItems: 1 },
      ),
      default: text("Otherwise", "The case that is chosen when none holds; without it that is a `validation_error`."),
    },
    required: ["cases"],
  },
  output_schema: caseOutput,
  ports: { input: true, success: true, error: true, conditional: true, cases: true },
  defaults: { cases: [{ id: "yes", condition: "true" }], default: "no" },
  pure: true,
  nature: "pure",
  help: "Followers are reached by connections with `case: ID`, or ask for `route.output.case == 'vip'` in their condition.",
  examples: [
    {
      title: "By the size of an order",
      yaml: [
        "components:",
        "  - id: route_order",
        "    type: decision",
        "    config:",
        "      cases:",
        "        - {id: large, condition: input_data.total > 1000}",
        "      default: small",
        "  - {id: log_large, type: log, config: {message: A large order}}",
        "  - {id: log_small, type: log, config: {message: A small order}}",
        "connections:",
        "  - {source: route_order, target: log_large, type: conditional, case: large}",
        "  - {source: route_order, target: log_small, type: conditional, case: small}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{cases}",
};
