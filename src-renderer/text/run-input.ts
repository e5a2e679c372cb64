/** What the input of a run says. */
export const runInputText = {
  input: "Input",
  asJson: "JSON",
  parameters: "Parameters",
  noParameters: "This workflow takes no parameters.",
  earlier: "Earlier inputs",
  earlierTitle: (input: string, parameters: string) =>
    `${input.length > 60 ? `${input.slice(0, 59)}…` : input}${parameters === "{}" ? "" : ` · ${parameters.length > 40 ? `${parameters.slice(0, 39)}…` : parameters}`}`,
  required: "required",
  optional: "not set",
  notJson: (why: string) => `Not readable as JSON: ${why}`,
  missing: (names: readonly string[]) =>
    names.length === 1
      ? `The parameter ${names[0] ?? ""} must be given.`
      : `Parameters must be given: ${names.join(", ")}.`,
};
