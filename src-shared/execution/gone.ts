import type { ComponentError } from "./error";

const GONE: ComponentError = {
  type: "expression_error",
  message: "A sensitive value it needs is no longer in the vault.",
};

/** Thrown where texts come from, for a sensitive value that cannot be had; never leaves a decision. */
export class Gone extends Error {
  override readonly name = "Gone";
  constructor(
    id: string,
    readonly problem: ComponentError = GONE,
  ) {
    super(id);
  }
}
