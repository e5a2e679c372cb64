import { functions } from "./functions/table";

/** A function or macro, as completion, hover and the documentation show it. */
export interface FunctionHelp {
  readonly name: string;
  /** E.g. `replace(text, search, by, limit?) -> string`. */
  readonly signature: string;
  readonly help: string;
  readonly form: "call" | "method" | "both";
  /** What to insert before the arguments, and after a receiver. */
  readonly hasArguments: boolean;
}

const macroHelp: readonly FunctionHelp[] = [
  macro("has(object.field) -> bool", "Whether the field is there.", "call"),
  macro("default(value, otherwise) -> value", "The value; `otherwise` when it is missing or null.", "call"),
  macro("map(x, result) -> list", "The result for each item; with a condition between, of those that meet it."),
  macro("filter(x, condition) -> list", "The items that meet the condition."),
  macro("all(x, condition) -> bool", "Whether every item meets the condition."),
  macro("exists(x, condition) -> bool", "Whether an item meets the condition."),
  macro("exists_one(x, condition) -> bool", "Whether exactly one item meets the condition."),
];

/** Everything that can be called, macros first. */
export const functionHelp: readonly FunctionHelp[] = [
  ...macroHelp,
  ...functions.map((f) => ({
    name: f.name,
    signature: `${f.name}(${f.params.join(", ")}) -> ${f.returns}`,
    help: f.help,
    form: f.form,
    hasArguments: f.params.length > 0,
  })),
];

/** The help of the function called `name`. */
export function helpOf(name: string): FunctionHelp | undefined {
  return functionHelp.find((f) => f.name === name);
}

function macro(signature: string, help: string, form: "call" | "method" = "method"): FunctionHelp {
  return { name: signature.slice(0, signature.indexOf("(")), signature, help, form, hasArguments: true };
}
