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
      subject: text("Subject", "The subject line."),
      body: text("Body", "The message as plain text.", { "x-field": "text" }),
      html: text("HTML", "The message as HTML, beside the plain text.", { "x-field": "text" }),
      attachments: list("Attachments", "Paths of files, or `{name, content}`.", {
        anyOf: [
          { type: "string" },
          { type: "object", properties: { name: { type: "string" }, content: { type: "string" } } },
        ],
      }),
      connection: text("Connection", "The name of the workspace's mail connection; without it, the standard one."),
      timeout: timeoutKey,
    },
    required: ["to", "subject"],
  },
  output_schema: {
    type: "object",
    properties: { message_id: { type: "string" }, accepted: { type: "array", items: { type: "string" } } },
    required: ["message_id", "accepted"],
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { to: "", subject: "" },
  pure: false,
  nature: "remote",
  help: "An address the server refuses fails the component with `validation_error`; those accepted are in the error's text.",
  examples: [
    {
      title: "Confirm an order",
      yaml: 'components:\n  - id: send_confirmation\n    type: email\n    config:\n      to: "{{ input_data.contact }}"\n      subject: Your order\n      body: Thank you. It is on its way.\n    retry_policy: {max_attempts: 3}\n',
    },
  ],
  summary: "{to}",
  available: false,
};
