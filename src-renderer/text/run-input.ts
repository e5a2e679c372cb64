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
  title: "Run with",
  command: "Run with…",
  cancel: "Cancel",
  run: "Run",
  debug: "Debug",
  environment: "Environment",
  environmentHelp: "Its values are read as env.NAME; connections use its settings.",
  active: "active",
  pauseAtStart: "Hold before the first component",
  priority: "Priority",
  priorityHelp: "Where executions queue, higher goes first; empty: the workflow's own.",
  badPriority: "A whole number from -999 to 999.",
  lab: "Resilience lab",
  virtualTime: "Virtual time",
  virtualTimeHelp: "Waits, retries and breakers pass at once: an hour of backoff takes a second.",
  faults: "Faults",
  faultsHelp: "What is to go wrong on purpose, as YAML. Nothing of it is kept with the workflow.",
  seed: "Seed",
  seedHelp: "With the same text all chance comes out the same; empty: another each time.",
  faultsExample:
    "# for example\nseed: 7\nfaults:\n  - component: charge_payment\n    attempts: [1, 2]\n    status: 503",
  unmetFaults: (components: readonly string[]) =>
    components.length === 1
      ? `The fault for ${components[0] ?? ""} fitted no attempt: the run did not come to it, or no component has that id.`
      : `Faults fitted no attempt: those for ${components.join(", ")}. The run did not come to them, or no component has such an id.`,
  close: "Close",
  chooseFile: "Choose a file",
};
