import { unreachable } from "@shared/base/bug";
import { NO_WORKFLOW } from "@shared/workflow/instead";
import type { EngineProblem } from "../engine/engine";
import type { LaunchProblem } from "../library/launch";
import type { LibraryProblem } from "../library/library";
import type { RehearsalProblem } from "../triggers/rehearsals";
import type { TriggerProblem } from "../triggers/room";
import type { Fault } from "./fault";
import type { BundleProblem } from "./rooms";
import { trustSentence } from "./trust-sentences";

/** What a window is told about a problem of the library. */
export function librarySentence(problem: LibraryProblem): Fault {
  switch (problem.kind) {
    case "unknown-workflow":
      return {
        code: "NOT_FOUND",
        what: `There is no workflow ${problem.id}.`,
        todo: "It may have been renamed or deleted.",
      };
    case "id-taken":
      return { code: "CONFLICT", what: `Another workflow has the id ${problem.id}.`, todo: "Choose a different id." };
    case "not-an-id":
      return {
        code: "INVALID",
        what: `${JSON.stringify(problem.id)} is no id.`,
        todo: "Use lower-case letters, digits and underscores, beginning with a letter.",
      };
    case "no-example":
      return { code: "NOT_FOUND", what: `There is no example ${problem.id}.` };
    case "no-file":
      return { code: "NOT_FOUND", what: "There is no such file.", where: problem.path };
    case "not-a-file":
      return { code: "INVALID", what: "That is a folder or a device, not a file.", where: problem.path };
    case "too-large":
      return {
        code: "INVALID",
        what: `The file has ${Math.round(problem.bytes / 1_000_000)} MB; a workflow may have 20.`,
        where: problem.path,
      };
    case "not-text":
      return { code: "INVALID", what: "The file is not text in UTF-8.", where: problem.path };
    case "not-allowed":
      return { code: "REFUSED", what: "The system does not allow access to the file.", where: problem.path };
    case "disk-full":
      return { code: "DISK", what: "The disk is full.", where: problem.path, todo: "Free some space and save again." };
    default:
      return unreachable(problem);
  }
}

/** What a window is told about a problem of the engine. */
export function engineSentence(problem: EngineProblem): Fault {
  switch (problem.kind) {
    case "invalid-parameters":
      return {
        code: "INVALID",
        what: problem.message,
        where: problem.parameters.map((parameter) => parameter.name).join(", "),
      };
    case "invalid-workflow":
      return {
        code: "INVALID",
        what: problem.message,
        ...(problem.problems[0]?.component === undefined ? {} : { where: problem.problems[0].component }),
      };
    case "unknown-execution":
      return {
        code: "NOT_FOUND",
        what: "There is no such execution.",
        where: problem.id,
        todo: "It was removed, or belongs to another workspace. The list of executions shows those that are kept.",
      };
    case "owned-elsewhere":
      return {
        code: "CONFLICT",
        what: "Another host carries this execution.",
        where: problem.id,
        todo: "Use the window or terminal it was started from.",
      };
    case "already-settled":
      return {
        code: "CONFLICT",
        what: `The execution has ended: ${problem.status.replaceAll("_", " ")}.`,
        where: problem.id,
      };
    case "not-held":
      return { code: "CONFLICT", what: "Nothing is held there.", where: problem.path ?? problem.id };
    case "overlap-skipped":
      return {
        code: "CONFLICT",
        what: `As many executions of ${problem.workflowId} run as may at once${problem.limit === undefined ? "" : ` (${problem.limit})`}, and further ones are skipped.`,
        where: "concurrency.overlap",
        todo: "Wait for one to end, or have them queue.",
      };
    case "no-task":
      return {
        code: "NOT_FOUND",
        what: "There is no task for a person there.",
        where: problem.path,
        todo: "It may have been withdrawn: look at the list of tasks.",
      };
    case "task-answered":
      return { code: "CONFLICT", what: "The task has been answered already.", where: problem.path };
    case "invalid-answer":
      return {
        code: "INVALID",
        what: problem.message,
        where: problem.path,
        todo: "Change the answer and send it again.",
      };
    case "not-debugged":
      return {
        code: "CONFLICT",
        what: "This execution runs without debugging.",
        where: problem.id,
        todo: "Run it again with debugging.",
      };
    default:
      return unreachable(problem);
  }
}

/** What a window is told when a start was refused. */
export function launchSentence(problem: LaunchProblem): Fault {
  if (problem.kind === "has-errors") {
    const [first] = problem.findings;
    const more = problem.findings.length > 1 ? ` (and ${problem.findings.length - 1} more)` : "";
    return {
      code: "INVALID",
      what: first === undefined ? "The workflow has errors." : `${first.message}${more}`,
      ...(first === undefined ? {} : { where: first.place.component ?? `line ${first.place.line}` }),
      // What is no workflow is said with what to do instead; there is no error to mend.
      ...(first?.rule === NO_WORKFLOW ? {} : { todo: "Fix the errors in the Problems panel, then run again." }),
    };
  }
  if (problem.kind === "missing-parameters") {
    return {
      code: "INVALID",
      what: `Sensitive values are not kept: ${problem.names.join(", ")}.`,
      where: problem.names.join(", "),
      todo: "Give them again.",
    };
  }
  if (problem.kind === "no-environment") return trustSentence(problem);
  if (problem.kind === "may-not-crash")
    return {
      code: "REFUSED",
      what: "A studio serves other executions too and is not made to crash.",
      where: "faults",
      todo: "Use apg run --faults for crash_host.",
    };
  if (problem.kind === "bad-faults") {
    const [first] = problem.problems;
    return {
      code: "INVALID",
      what: problem.problems.map(({ line, message }) => `Line ${line}: ${message}`).join("\n"),
      where: `faults:${first?.line ?? 1}:${first?.column ?? 1}`,
      todo: "Mend the faults and run again.",
    };
  }
  return problem.kind === "unknown-workflow" ? librarySentence(problem) : engineSentence(problem);
}

/** What a window is told when schedules were not rehearsed. */
export function rehearsalSentence(problem: RehearsalProblem): Fault {
  switch (problem.kind) {
    case "no-schedule":
      return {
        code: "INVALID",
        what: "The workflow has no schedule trigger, so there is nothing to fire.",
        where: problem.workflowId,
        todo: "Add one under Triggers in the inspector, or run the workflow once.",
      };
    case "under-way":
      return {
        code: "CONFLICT",
        what: "A rehearsal of this workflow is under way.",
        where: problem.workflowId,
        todo: "Wait for its end, or stop it in the Rehearsal panel.",
      };
    case "unknown-rehearsal":
      return {
        code: "NOT_FOUND",
        what: "There is no such rehearsal any more.",
        where: problem.id,
        todo: "Its executions are in the list of executions.",
      };
    default:
      return launchSentence(problem);
  }
}

/** What a window is told when a trigger was not turned on or fired. */
export function triggerSentence(problem: TriggerProblem): Fault {
  switch (problem.kind) {
    case "unknown-trigger":
      return {
        code: "NOT_FOUND",
        what: `The workflow ${problem.workflowId} has no trigger ${problem.index + 1}.`,
        todo: "It may have been changed; look at its list of triggers.",
      };
    case "unable":
      return { code: "INVALID", what: problem.message };
    case "address-taken":
      return {
        code: "CONFLICT",
        what: `The workflow ${problem.workflowId} answers ${problem.address} already.`,
        todo: "Turn its webhook off, or give this one another path.",
      };
    case "refused":
      return { code: "CONFLICT", what: problem.message };
    default:
      return unreachable(problem);
  }
}

export function bundleSentence(problem: BundleProblem | LibraryProblem): Fault {
  if (problem.kind !== "bundle") return librarySentence(problem);
  const { kind: _, ...said } = problem;
  return { code: "INVALID", ...said };
}
