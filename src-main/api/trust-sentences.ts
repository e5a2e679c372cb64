import { unreachable } from "@shared/base/bug";
import type { TrustProblem } from "../trust/room";
import type { Fault } from "./fault";

/** What a window is told about a problem of secrets, connections or environments. */
export function trustSentence(problem: TrustProblem): Fault {
  switch (problem.kind) {
    case "no-secret":
      return { code: "NOT_FOUND", what: `There is no secret ${problem.name}.` };
    case "no-connection":
      return { code: "NOT_FOUND", what: `There is no connection ${problem.name}.` };
    case "no-environment":
      return { code: "NOT_FOUND", what: `There is no environment ${problem.name}.` };
    case "connection-taken":
      return {
        code: "CONFLICT",
        what: `Another connection is called ${problem.name}.`,
        where: problem.name,
        todo: "Choose a different name.",
      };
    case "environment-active":
      return {
        code: "CONFLICT",
        what: `${problem.name} is the active environment.`,
        where: problem.name,
        todo: "Activate another one first.",
      };
    case "plain-setting":
      return {
        code: "INVALID",
        what: `${problem.setting} of the connection ${problem.name} is written in plain.`,
        where: problem.setting,
        todo: "Add it among the secrets and write {{ secrets.NAME }}.",
      };
    case "unknown-setting":
      return {
        code: "INVALID",
        what: `A connection of this kind has no setting ${problem.setting}.`,
        where: problem.setting,
        todo: `It has ${problem.known.join(", ")}.`,
      };
    case "unfilled":
      return { code: "INVALID", what: problem.error.message };
    default:
      return unreachable(problem);
  }
}
