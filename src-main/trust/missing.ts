import { nearest } from "@shared/expression/nearest";
import type { ComponentError } from "@shared/execution/error";

/** The error of a secret that is not there, that the workspace's key does not open, or whose vault is locked. */
export function missingSecret(
  name: string,
  found: "sealed" | "locked" | undefined,
  names: readonly string[],
): ComponentError {
  if (found === "locked")
    return {
      type: "expression_error",
      message: `The secret ${name} lies in a locked vault. Unlock it under Workspace, Secrets.`,
    };
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
