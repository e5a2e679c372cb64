/** Why a bundle could not be written, read or trusted. */
export type BundleProblem =
  | { readonly kind: "unreadable"; readonly file: string; readonly reason: string }
  | { readonly kind: "no-archive"; readonly file: string }
  | { readonly kind: "no-manifest"; readonly file: string; readonly reason: string }
  | { readonly kind: "newer-format"; readonly file: string; readonly format: number }
  | { readonly kind: "too-large"; readonly file: string; readonly entry: string; readonly bytes: number }
  | { readonly kind: "not-intact"; readonly file: string; readonly problems: readonly string[] }
  | { readonly kind: "unknown-workflow"; readonly id: string; readonly calledBy?: string }
  | { readonly kind: "workflow-has-errors"; readonly id: string; readonly messages: readonly string[] }
  | { readonly kind: "disk"; readonly file: string; readonly reason: string };

/** One sentence a user can act on. */
export function sentence(problem: BundleProblem): string {
  switch (problem.kind) {
    case "unreadable":
      return `${problem.file}: cannot be read (${problem.reason}).`;
    case "no-archive":
      return `${problem.file}: is no bundle; a bundle is an .apgb archive made by "apg bundle export".`;
    case "no-manifest":
      return `${problem.file}: its manifest.json cannot be used: ${problem.reason}.`;
    case "newer-format":
      return `${problem.file}: has bundle format ${problem.format}, which this version does not know; update the studio.`;
    case "too-large":
      return `${problem.file}: entry ${problem.entry} unpacks to more than ${problem.bytes} bytes and was refused.`;
    case "not-intact":
      return `${problem.file}: ${problem.problems.join(" ")}`;
    case "unknown-workflow":
      return problem.calledBy === undefined
        ? `There is no workflow "${problem.id}".`
        : `${problem.calledBy} calls the workflow "${problem.id}", which is not in the workspace; import it first.`;
    case "workflow-has-errors":
      return `${problem.id} has errors and is not exported: ${problem.messages.join(" ")}`;
    case "disk":
      return `${problem.file}: could not be written (${problem.reason}).`;
  }
}
