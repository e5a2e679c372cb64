import type { Breakpoint } from "@shared/debug/breakpoint";
import { stopsOf } from "@shared/workflow/instead";
import type { Fault } from "../bridge";
import type { DocumentState } from "../state/document.svelte";
import { notices } from "../state/notices.svelte";
import type { Rehearsal } from "../state/rehearsal.svelte";
import type { RunInput, RunOptions } from "../state/run-input.svelte";
import type { Session } from "../state/session.svelte";
import { studio } from "../state/studio.svelte";
import { editorText } from "../text/editor";
import { runInputText } from "../text/run-input";

/** What a run is started with. */
export interface RunWanted {
  readonly doc: DocumentState;
  readonly session: Session;
  readonly input: RunInput;
  readonly breakpoints: readonly Breakpoint[];
  readonly debug: boolean;
  /** A run as the dialog asked for it; absent: a plain one. */
  readonly options?: RunOptions | undefined;
}

/** What a start came to. */
export type Started =
  /** What has to be looked at first. */
  | "problems"
  | "input"
  /** Nothing, and somebody knows why. */
  | "refused"
  | "declined"
  | "rehearsing"
  | { readonly id: string }
  /** What is wrong with the faults on purpose; nothing else was said of it. */
  | { readonly wrongFaults: Fault };

/** Starts a run of the text as it stands. */
export async function startRun({ doc, session, input, breakpoints, debug, options }: RunWanted): Promise<Started> {
  if (!isRunnable(doc)) return "problems";
  const schemas = doc.workflow?.parameters ?? {};
  const missing = input.missing(schemas);
  if (missing.length > 0 || input.problem !== undefined) {
    notices.say(input.problem === undefined ? runInputText.missing(missing) : runInputText.notJson(input.problem), {
      severity: "warning",
    });
    return "input";
  }
  const open = studio.fromHere();
  const id = await session.start({
    workflowId: doc.id,
    text: doc.text,
    format: doc.format,
    input: input.input,
    parameters: input.valuesFor(schemas),
    debug,
    breakpoints,
    ...(options === undefined ? {} : { options }),
  });
  if (id === undefined) {
    return session.fault === undefined ? "refused" : refusedAs(session.fault);
  }
  void input.load();
  if (debug) open({ screen: "execution", executionId: id }, doc.workflow?.name);
  return { id };
}

/** For how long, and from when on, schedules are fired. */
export interface Span {
  readonly spanMs: number;
  /** Now unless said. */
  readonly from?: number | undefined;
}

/** What a rehearsal is started with. */
export interface RehearsalRun extends Span {
  readonly doc: DocumentState;
  readonly rehearsal: Rehearsal;
  readonly options: RunOptions;
}

/** Fires the schedules of the text as it stands in virtual time. */
export async function startRehearsal({ doc, rehearsal, options, spanMs, from }: RehearsalRun): Promise<Started> {
  if (!isRunnable(doc)) return "problems";
  const { environment, faults, seed } = options;
  const fault = await rehearsal.start({
    workflowId: doc.id,
    text: doc.text,
    format: doc.format,
    spanMs,
    ...(from === undefined ? {} : { from }),
    ...(environment === undefined ? {} : { environment }),
    ...(faults.trim() === "" ? {} : { faults }),
    ...(seed.trim() === "" ? {} : { seed: seed.trim() }),
  });
  return fault === undefined ? "rehearsing" : refusedAs(fault);
}

/** Whether the text may be run; if not, says so. */
function isRunnable(doc: DocumentState): boolean {
  doc.recheck();
  const stops = stopsOf(doc.findings);
  if (stops.length === 0 && doc.sound) return true;
  const { instead } = doc;
  if (instead !== undefined && stops.includes(instead)) {
    notices.say(instead.message, { severity: "warning" });
    return false;
  }
  notices.say(editorText.notRunnable(Math.max(1, doc.errors)), { severity: "warning" });
  return false;
}

/** What a refused start came to; says why where it is not shown otherwise. */
function refusedAs(fault: Fault): Exclude<Started, { readonly id: string }> {
  if (fault.code === "DECLINED") return "declined";
  if (fault.where?.startsWith("faults") === true) return { wrongFaults: fault };
  notices.fault(fault);
  return "refused";
}
