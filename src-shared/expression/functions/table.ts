import type { CelFunction } from "./call";
import { codecFunctions } from "./codec";
import { convertFunctions } from "./convert";
import { listFunctions } from "./list";
import { numberFunctions } from "./number";
import { textFunctions } from "./text";
import { timeFunctions } from "./time";

export type { CelFunction } from "./call";

/** Every function of the language, in the order the reference lists them. Macros are in macros.ts. */
export const functions: readonly CelFunction[] = [
  ...textFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...timeFunctions,
  ...convertFunctions,
  ...codecFunctions,
];

const calls = new Map(functions.filter((f) => f.form !== "method").map((f) => [f.name, f]));
const methods = new Map(functions.filter((f) => f.form !== "call").map((f) => [f.name, f]));

/** The function called `name`, as `name(x)` or as `x.name()`. */
export function functionNamed(name: string, asMethod: boolean): CelFunction | undefined {
  return (asMethod ? methods : calls).get(name);
}

/** The names of all functions that can be called this way. */
export function functionNames(asMethods: boolean): readonly string[] {
  return [...(asMethods ? methods : calls).keys()];
}
