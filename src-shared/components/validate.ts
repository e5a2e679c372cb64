import type { Descriptor } from "./descriptor";
import { anything, choice, fields, flag } from "./keys";
import { recordsKey } from "./record-keys";

export const validate: Descriptor = {
  type: "validate",
  title: "Validate",
  category: "data",
  description: "Cleans records and checks each against a JSON Schema.",
  icon: "shield-check",
  config_schema: {
    type: "object",
    properties: {
      records: recordsKey,
      schema: anything("Schema", "A JSON Schema (draft 2020-12) for one record, formats such as `email` included.", {
        type: "object",
        "x-field": "code",
        "x-template": false,
      }),
      sanitization: fields("Clean first", "Done to every text of a record before it is checked.", {
        trim_strings: flag("Trim", "Takes blanks off both ends.", { default: false }),
        remove_html_tags: flag("Remove HTML", "Takes tags out and keeps their text.", { default: false }),
        normalize_unicode: flag("Normalize Unicode", "Gives equal-looking texts the same characters (NFC).", {
          default: false,
        }),
      }),
      on_validation_error: choice(
        "When a record is wrong",
        "`reject_and_log` sorts it out and logs it, `fail` fails the component, `pass_through` keeps it among the valid ones and reports it.",
        ["reject_and_log", "fail", "pass_through"],
        { default: "reject_and_log" },
      ),
    },
    required: ["schema"],
  },
  output_schema: {
    type: "object",
    properties: {
      valid: { type: "array", items: { type: "object" }, description: "The cleaned records that fit." },
      rejected: {
        type: "array",
        items: {
          type: "object",
          properties: { record: { type: "object" }, errors: { type: "array", items: { type: "string" } } },
          required: ["record", "errors"],
        },
        description: "The others, with what is wrong with each.",
      },
      valid_count: { type: "integer" },
      rejected_count: { type: "integer" },
    },
    required: ["valid", "rejected", "valid_count", "rejected_count"],
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { schema: { type: "object", properties: {}, required: [] }, on_validation_error: "reject_and_log" },
  pure: true,
  nature: "pure",
  help: "Lead a conditional connection with `validate_emails.output.rejected_count > 0` to what deals with rejected records.",
  examples: [
    {
      title: "E-mail addresses and ages",
      yaml: [
        "components:",
        "  - id: validate_customers",
        "    type: validate",
        "    config:",
        '      records: "{{ input_data.customers }}"',
        "      schema:",
        "        type: object",
        "        properties:",
        "          contact: {type: string, format: email}",
        "          age: {type: integer, minimum: 0, maximum: 150}",
        "        required: [contact]",
        "      sanitization: {trim_strings: true, remove_html_tags: true}",
        "      on_validation_error: reject_and_log",
        "",
      ].join("\n"),
    },
  ],
  summary: "{on_validation_error}",
};
