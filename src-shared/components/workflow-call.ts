import type { Descriptor } from "./descriptor";
import { anything, flag, number, pairs, text } from "./keys";

export const workflowCall: Descriptor = {
  type: "workflow_call",
  title: "Workflow call",
  category: "flow",
  description: "Runs another workflow and gives back its output.",
  icon: "workflow",
  config_schema: {
    type: "object",
    properties: {
      workflow_id: text("Workflow", "The id of the workflow to run.", { "x-field": "workflow", minLength: 1 }),
      version: text("Version", "A semantic version or range, e.g. `^1.2`; without it, the newest.", { default: "*" }),
      parameters: pairs("Parameters", "By name, as the called workflow declares them.", {}),
      input: anything("Input", "What the called workflow has as `input_data`; without it, this component's input."),
      wait: flag("Wait", "Off: goes on at once with `{execution_id}`.", { default: true }),
      timeout: number(
        "Timeout",
        "Seconds one attempt may take, with all that the called workflow does; without it, no limit.",
        {
          exclusiveMinimum: 0,
        },
      ),
    },
    required: ["workflow_id"],
  },
  output_schema: { title: "The called workflow's output", description: "With `wait: false`, `{execution_id}`." },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { workflow_id: "" },
  pure: false,
  nature: "owner",
  help: "The called workflow's `input_data` is `input`, else what this component gets. Stopping the caller stops the called one too, and so does the end of an attempt's time.",
  examples: [
    {
      title: "A version range",
      yaml: 'components:\n  - id: fulfil\n    type: workflow_call\n    config:\n      workflow_id: fulfil_order\n      version: ^1.0.0\n      parameters: {priority: "{{ input_data.priority }}"}\n',
    },
  ],
  summary: "{workflow_id} {version}",
};
