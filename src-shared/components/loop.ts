import type { Descriptor } from "./descriptor";
import { anything, choice, either, integer, list } from "./keys";
import { membersSchema } from "./parallel";

export const loop: Descriptor = {
  type: "loop",
  title: "Loop",
  category: "flow",
  description: "Runs its components for each item, or while a condition holds.",
  icon: "repeat",
  config_schema: {
    type: "object",
    properties: {
      items: anything("Items", "The list to go over; members see `item` and `index`.", { "x-field": "expression" }),
      while: either(
        "While",
        "Instead of items: a condition judged before each round.",
        [{ type: "string" }, { type: "boolean" }],
        {
          "x-field": "expression",
          "x-template": false,
        },
      ),
      components: list("Components", "Ids, or components written in place.", membersSchema, {
        "x-field": "components",
        "x-template": false,
      }),
      batch_size: integer("Batch size", "Items a round: `item` is then a list of that many.", { minimum: 1 }),
      max_concurrency: integer("At most at a time", "Rounds that run at once.", { default: 1, minimum: 1 }),
      max_iterations: integer("Most rounds", "More fail the loop with `resource_limit_exceeded`.", {
        default: 10000,
        minimum: 1,
      }),
      on_item_failure: choice(
        "When a round fails",
        "`fail` ends the loop; `continue` puts null in the list and adds a warning.",
        ["fail", "continue"],
        { default: "fail" },
      ),
    },
    required: ["components"],
  },
  output_schema: {
    type: "array",
    items: {},
    description: "What each round's last component gave, in the items' order.",
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { items: "{{ input }}", components: [] },
  pure: false,
  nature: "owner",
  help: "For work on records one `transform` is faster than a loop over them: a loop is for calls and decisions that each item needs by itself.",
  examples: [
    {
      title: "One call an order",
      yaml: [
        "components:",
        "  - id: each_order",
        "    type: loop",
        "    config:",
        '      items: "{{ input_data.orders }}"',
        "      max_concurrency: 4",
        "      components:",
        "        - id: fetch_price",
        "          type: http_request",
        '          config: {url: "https://shop.example.com/prices/{{ item.sku }}"}',
        "          retry_policy: {max_attempts: 3}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{items} {while}",
};
