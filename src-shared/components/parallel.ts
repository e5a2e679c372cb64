import type { Descriptor } from "./descriptor";
import { either, flag, integer, list, text } from "./keys";

/** Members of an owner: ids of components, or components written in place. */
export const membersSchema = { anyOf: [{ type: "string" }, { type: "object", required: ["id", "type"] }] };

export const parallel: Descriptor = {
  type: "parallel",
  title: "Parallel",
  category: "flow",
  description: "Runs branches at the same time.",
  icon: "git-fork",
  config_schema: {
    type: "object",
    properties: {
      branches: list(
        "Branches",
        "Each runs its components in the order listed, or by connections among them.",
        {
          type: "object",
          properties: {
            id: text("Id", "The name of the branch's output."),
            name: text("Name", "Shown on the canvas."),
            components: list("Components", "Ids, or components written in place.", membersSchema, {
              "x-field": "components",
              "x-template": false,
            }),
            timeout: either(
              "Timeout",
              "How long the branch may take, as a duration; afterwards it fails with `timeout`.",
              [{ type: "number", minimum: 0 }, { type: "string" }],
            ),
          },
          required: ["id", "components"],
          additionalProperties: false,
        },
        { minItems: 1, "x-template": false },
      ),
      wait_for_all: flag("Wait for all", "Off: the first branch to complete wins and the others are cancelled.", {
        default: true,
      }),
      max_concurrency: integer("At most at a time", "Branches that run at once; without it, all.", { minimum: 1 }),
    },
    required: ["branches"],
  },
  output_schema: {
    type: "object",
    additionalProperties: {},
    description: "Each branch's output by its id: that of its last component.",
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: {
    branches: [
      { id: "first", components: [] },
      { id: "second", components: [] },
    ],
  },
  pure: false,
  nature: "owner",
  help: "A failure that nothing tolerates fails the whole component and cancels the other branches.",
  examples: [
    {
      title: "Two lookups at once",
      yaml: [
        "components:",
        "  - id: look_up",
        "    type: parallel",
        "    config:",
        "      branches:",
        "        - id: profile",
        "          components:",
        "            - {id: shape_profile, type: map, config: {fields: {nm: name}}}",
        "        - id: totals",
        "          components:",
        "            - {id: sum_orders, type: aggregate, config: {functions: {sum: [amount]}}}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{branches}",
};
