import type { Descriptor } from "./descriptor";
import { anything, either, fields, text } from "./keys";

export const humanTask: Descriptor = {
  type: "human_task",
  title: "Human task",
  category: "people",
  description: "Asks a person and waits for the answer.",
  icon: "user-check",
  config_schema: {
    type: "object",
    properties: {
      form: anything("Form", "A JSON Schema of the answer; the form is made from it.", {
        type: "object",
        "x-field": "code",
      }),
      assignee: text("Assignee", "Who is asked."),
      deadline: either(
        "Deadline",
        "How long there is: seconds, text such as `2d`, or a moment. Then it fails with `timeout`.",
        [{ type: "number", minimum: 0 }, { type: "string" }],
      ),
      escalation: fields("Escalation", "Who is asked when there is no answer, before it fails.", {
        assignee: text("Assignee", "Who is asked then."),
        after: either("After", "When, counted from the first question; without it, at the deadline.", [
          { type: "number", minimum: 0 },
          { type: "string" },
        ]),
        deadline: either(
          "Deadline",
          "How long they have; without it, what is left of the first deadline, else as long again.",
          [{ type: "number", minimum: 0 }, { type: "string" }],
        ),
      }),
    },
    required: ["form"],
  },
  output_schema: { title: "The answer", description: "An object as `form` describes it." },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { form: { type: "object", properties: { approved: { type: "boolean" } }, required: ["approved"] } },
  pure: false,
  nature: "local",
  help: "Answered in the studio, by command line or by the API. Fields that the form calls `sensitive` go to the vault. A waiting execution takes no memory.",
  examples: [
    {
      title: "Approve an invoice",
      yaml: "components:\n  - id: approve_invoice\n    type: human_task\n    config:\n      assignee: accounting\n      deadline: 2d\n      form:\n        type: object\n        properties: {approved: {type: boolean}}\n        required: [approved]\n",
    },
  ],
  summary: "{assignee}",
};
