import type { Descriptor } from "./descriptor";
import { anything, choice } from "./keys";

export const end: Descriptor = {
  type: "end",
  title: "End",
  category: "flow",
  description: "Marks where the workflow ends and says what it gives back.",
  icon: "circle-stop",
  config_schema: {
    type: "object",
    properties: {
      status: choice(
        "Status",
        "How reaching this end counts: `completed_with_warnings` adds a warning, `failed` fails the execution.",
        ["completed", "completed_with_warnings", "failed"],
        { default: "completed" },
      ),
      output: anything("Output", "What the execution gives back; without it, the input."),
    },
  },
  output_schema: { title: "The output", description: "`output`, or the input where it is not given." },
  ports: { input: true, success: false, error: false, conditional: false },
  defaults: {},
  pure: true,
  nature: "pure",
  help: "Optional. The workflow's own `outputs` win over what an end gives.",
  examples: [
    {
      title: "Give back two figures",
      yaml: 'components:\n  - id: finish\n    type: end\n    config:\n      output:\n        received: "{{ size(input_data.orders) }}"\n',
    },
  ],
  summary: "{status}",
};
