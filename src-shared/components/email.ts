import { timeoutKey } from "./common";
import type { Descriptor } from "./descriptor";
import { either, list, text } from "./keys";

const addresses = [{ type: "string" }, { type: "array", items: { type: "string" } }];

export const email: Descriptor = {
  type: "email",
  title: "E-mail",
  category: "people",
  description: "Sends an e-mail.",
  icon: "mail",
  config_schema: {
    type: "object",
    properties: {
      to: either("To", "One address or several.", addresses),
      cc: either("Copy to", "One address or several.", addresses),
      bcc: either("Hidden copy to", "One address or several that the others do not see.", addresses),
      reply_to: either("Reply to", "Where answers go, if not to the sender.", addresses),
      from: text("From", "The sender, where it is not the connection's."),
      subject: text("Subject", "The subject line."),
      body: text("Body", "The message as plain text.", { "x-field": "text" }),
      html: text("HTML", "The message as HTML, beside the plain text.", { "x-field": "text" }),
      attachments: list(
        "Attachments",
        "Paths of files, `{path, name, content_type}`, or `{name, content, encoding, content_type}`; `encoding: base64` for bytes, anything but text is sent as JSON.",
        {
          anyOf: [
            { type: "string" },
            {
              type: "object",
              properties: {
                name: { type: "string" },
                path: { type: "string" },
                content: {},
                encoding: { enum: ["text", "base64"] },
                content_type: { type: "string" },
              },
              additionalProperties: false,
            },
          ],
        },
      ),
      connection: text("Connection", "The name of the workspace's mail connection; without it, the standard one."),
      timeout: timeoutKey,
    },
    required: ["to", "subject"],
  },
  output_schema: {
    type: "object",
    properties: {
      message_id: {
        type: "string",
        description: "The same over all attempts: who gets two can tell that they are one.",
      },
      accepted: { type: "array", items: { type: "string" }, description: "The addresses the server took." },
      rejected: { type: "array", items: { type: "string" }, description: "The addresses it refused." },
    },
    required: ["message_id", "accepted", "rejected"],
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { to: "", subject: "" },
  pure: false,
  nature: "remote",
  help: [
    "Sent over the workspace's `smtp` connection: STARTTLS where the server offers it, or TLS from the start. Files are read from the folders the workflow may use, relative to its own.",
    "",
    "Where the server refuses some of the addresses, the others get the message and the component completes with a warning; where it refuses all, it fails with `bad_request` and says whom it refused. A wrong sign-in is `authentication_error`, a passing refusal (4xx) `server_error`, no connection `connection_error`. The message's id is made of the idempotency key, so a message that was sent twice because an answer was lost bears one id.",
  ].join("\n"),
  examples: [
    {
      title: "Confirm an order",
      yaml: 'components:\n  - id: send_confirmation\n    type: email\n    config:\n      to: "{{ input_data.contact }}"\n      subject: Your order\n      body: Thank you. It is on its way.\n    retry_policy: {max_attempts: 3}\n',
    },
  ],
  summary: "{to}",
};
