import type { Json } from "../base/json";
import type { Value } from "./value";

/** How evaluation reaches the values that state and events only refer to. The driver supplies it. */
export interface ValueAccess {
  /** The JSON of `value`, and whether any part of it is sensitive. Called only when an expression needs the content. */
  read(value: Value): { readonly json: Json; readonly sensitive: boolean };
  /** Puts `json` into the vault and refers to it. */
  mark(json: Json): Value;
  /** An equal value that is safe to journal: what is large goes to the store. The same object gives the same reference. */
  keep(value: Value): Value;
}
