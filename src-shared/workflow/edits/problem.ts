import type { Path } from "../workflow";

/** Why an edit was not applied. Nothing has changed then. */
export type EditProblem =
  /** The text has errors of syntax: only `text` edits are possible. */
  | { readonly kind: "unreadable" }
  | { readonly kind: "no-component"; readonly id: string }
  | { readonly kind: "no-connection"; readonly source: string; readonly target: string }
  | { readonly kind: "id-taken"; readonly id: string }
  | { readonly kind: "bad-id"; readonly id: string }
  | { readonly kind: "no-owner"; readonly owner: string; readonly branch?: string }
  | { readonly kind: "crosses-border"; readonly source: string; readonly target: string }
  | { readonly kind: "already-connected"; readonly source: string; readonly target: string }
  | { readonly kind: "no-place"; readonly path: Path }
  | { readonly kind: "outside-text"; readonly from: number; readonly to: number; readonly length: number }
  /** The place is written with anchors or tags that cannot be kept. */
  | { readonly kind: "needs-text" };

/** What `problem` says to a user. */
export function editSentence(problem: EditProblem): string {
  switch (problem.kind) {
    case "unreadable":
      return "The text has errors; correct them in the text first.";
    case "no-component":
      return `There is no component ${problem.id}.`;
    case "no-connection":
      return `There is no connection from ${problem.source} to ${problem.target}.`;
    case "id-taken":
      return `Another component has the id ${problem.id}.`;
    case "bad-id":
      return `${JSON.stringify(problem.id)} cannot be an id: lower-case letters, digits and _, a letter first.`;
    case "no-owner":
      return problem.branch === undefined
        ? `${problem.owner} runs no components.`
        : `${problem.owner} has no branch ${problem.branch}.`;
    case "crosses-border":
      return `${problem.source} and ${problem.target} do not run under the same owner, so they cannot be connected.`;
    case "already-connected":
      return `${problem.source} already leads to ${problem.target} like this.`;
    case "no-place":
      return `Nothing can stand at ${problem.path.join(".")}.`;
    case "outside-text":
      return `Characters ${problem.from} to ${problem.to} are outside the text of ${problem.length}.`;
    case "needs-text":
      return "This place uses anchors, aliases or tags; edit it in the text.";
  }
}
