import type { Descriptor } from "./descriptor";
import { choice } from "./keys";

export const start: Descriptor = {
  type: "start",
  title: "Start",
  category: "flow",
  description: "Marks where the workflow begins and passes its input on.",
  icon: "circle-play",
  config_schema: {
    type: "object",
    properties: {
      trigger_type: choice(
        "Started by",
        "What is meant to start the workflow; told to readers, it starts nothing by itself.",
        ["manual", "schedule", "webhook", "apg_event", "file"],
        { default: "manual" },
      ),
    },
  },
  output_schema: { title: "The input", description: "Whatever came in." },
  ports: { input: false, success: true, error: false, conditional: true },
  defaults: {},
  pure: true,
  nature: "pure",
  help: "Optional: without it the workflow begins at every component that no connection leads to.",
  examples: [{ title: "A visible beginning", yaml: "components:\n  - id: start\n    type: start\n" }],
  summary: "{trigger_type}",
};
