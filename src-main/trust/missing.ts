import { nearest } from "@shared/expression/nearest";
import type { ComponentError } from "@shared/execution/error";

/** The error of a secret that is not there, or that the workspace's key does not open. */
export function missingSecret(name: string, found: "sealed" | undefined, names: readonly string[]): ComponentError {
  if (found === "sealed")
    return {
      type: "expression_error",
      message: `The secret ${name} was sealed under another key than this workspace's vault.key. Set it again, under Secrets or with "apg secrets set ${name}".`,
    };
  const near = nearest(name, names);
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  return {
    type: "expression_error",
    message: `There is no secret ${name}.${meant} Add it under Secrets, or with "apg secrets set ${name}".`,
  };
}
