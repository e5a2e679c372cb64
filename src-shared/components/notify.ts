import { timeoutKey } from "./common";
import type { Descriptor } from "./descriptor";
import { choice, either, list, text } from "./keys";

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
        "`desktop`, and names of the workspace's connections: a mail server, a Slack webhook, a webhook.",
        { type: "string" },
        {
          default: ["desktop"],
        },
      ),
      level: choice("Level", "How much it matters.", ["info", "warning", "error"], { default: "info" }),
      title: text(
        "Title",
        "The subject of a mail and the head of a message; without it, the workflow's and the component's names.",
      ),
      message: text("Message", "What is told.", { "x-field": "text" }),
      to: either("To", "Whom mail channels write to, where it is not the connection's recipients.", [
        { type: "string" },
        { type: "array", items: { type: "string" } },
      ]),
      timeout: timeoutKey,
    },
    required: ["message"],
  },
  output_schema: { type: "null" },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { channels: ["desktop"], message: "" },
  pure: false,
  nature: "remote",
  help: [
    "`desktop` shows the message on the screens of the studio. Any other name is a connection of the workspace: `smtp` mails its recipients, `slack` posts to its channel, `webhook` posts JSON: `{id, level, title, message, workflow_id, execution_id, component, correlation_id, sent_at}`.",
    "",
    "A webhook with a secret is signed: `X-Signature-256: sha256=…` is the HMAC-SHA256 of `TIMESTAMP.BODY` in hexadecimal, where `TIMESTAMP` is the header `X-Signature-Timestamp` and `BODY` the body as it was sent. Webhooks carry `Idempotency-Key`.",
    "",
    "All channels are tried. Where some cannot be reached the component completes with a warning for each; where none can, it fails with the first one's type of error and names them all.",
  ].join("\n"),
  examples: [
    {
      title: "Alert operations",
      yaml: "components:\n  - id: alert_operations\n    type: notify\n    config: {channels: [email], level: warning, message: The load was late}\n    retry_policy: {max_attempts: 3}\n",
    },
  ],
  summary: "{channels}",
};
