import type { Descriptor } from "./descriptor";
import { choice, number, text } from "./keys";

export const code: Descriptor = {
  type: "code",
  title: "Code",
  category: "code",
  description: "Runs JavaScript or TypeScript over the input.",
  icon: "code",
  config_schema: {
    type: "object",
    properties: {
      language: choice("Language", "TypeScript's types are taken out, not checked.", ["javascript", "typescript"], {
        default: "javascript",
      }),
      source: text("Source", "The body of an async function of `input` and `context`; what it returns is the output.", {
        "x-field": "code",
        "x-template": false,
      }),
      timeout: number("Timeout", "Seconds one attempt may take.", { default: 30, exclusiveMinimum: 0 }),
      trust: choice(
        "Trust",
        "`sandboxed` sees nothing of the machine; `trusted` is Node itself and runs only in a trusted workspace.",
        ["sandboxed", "trusted"],
        { default: "sandboxed" },
      ),
    },
    required: ["source"],
  },
  output_schema: { title: "What the code returns", description: "Any JSON value; nothing returned is null." },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { language: "javascript", source: "return input;\n" },
  // Trusted code is not pure; `isPure` tells it apart.
  pure: true,
  nature: "pure",
  help: [
    "`context` has `input_data`, `parameters`, `components` (`context.components.fetch.output`), `item`, `index`, `env`, `execution` and `log(message, level)`.",
    "",
    "Expressions in braces are not evaluated inside `source`: take values from `input`, `context.parameters` or `context.components`.",
  ].join("\n"),
  examples: [
    {
      title: "Full names",
      yaml: "components:\n  - id: full_names\n    type: code\n    config:\n      source: |\n        return input.people.map((person) => ({ ...person, full_name: `${person.first} ${person.last}` }));\n",
    },
  ],
  summary: "{language}",
};
