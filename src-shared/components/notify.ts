import { timeoutKey } from "./common";
import type { Descriptor } from "./descriptor";
import { choice, list, text } from "./keys";

export const notify: Descriptor = {
  type: "notify",
  title: "Notify",
  category: "people",
  description: "Tells people by the workspace's channels.",
  icon: "bell",
  config_schema: {
    type: "object",
    properties: {
      channels: list(
        "Channels",
        "Names of the workspace's channels, e.g. `email`, `slack`, `desktop`.",
        { type: "string" },
        {
          default: ["desktop"],
        },
      ),
      level: choice("Level", "How much it matters.", ["info", "warning", "error"], { default: "info" }),
      message: text("Message", "What is told.", { "x-field": "text" }),
      timeout: timeoutKey,
    },
    required: ["message"],
  },
  output_schema: { type: "null" },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { channels: ["desktop"], message: "" },
  pure: false,
  nature: "remote",
  help: "A channel that cannot be reached fails the component with `connection_error`.",
  examples: [
    {
      title: "Alert operations",
      yaml: "components:\n  - id: alert_operations\n    type: notify\n    config: {channels: [email], level: warning, message: The load was late}\n    retry_policy: {max_attempts: 3}\n",
    },
  ],
  summary: "{channels}",
  available: false,
};
