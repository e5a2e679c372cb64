import type { Descriptor } from "./descriptor";
import { anything, choice } from "./keys";

export const log: Descriptor = {
  type: "log",
  title: "Log",
  category: "code",
  description: "Writes a line to the execution's log.",
  icon: "scroll-text",
  config_schema: {
    type: "object",
    properties: {
      level: choice("Level", "How much it matters.", ["debug", "info", "warning", "error"], { default: "info" }),
      message: anything("Message", "Text, or any value, which is written as JSON; without it, the input."),
    },
  },
  output_schema: { type: "null" },
  ports: { input: true, success: true, error: false, conditional: true },
  defaults: { level: "info", message: "" },
  pure: true,
  nature: "pure",
  help: "Sensitive values are written as [REDACTED].",
  examples: [
    {
      title: "Say how many",
      yaml: 'components:\n  - id: log_count\n    type: log\n    config:\n      message: "Received {{ size(input_data.orders) }} orders"\n',
    },
  ],
  summary: "{message}",
};
