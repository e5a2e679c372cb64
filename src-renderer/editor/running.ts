import type { Breakpoint } from "@shared/debug/breakpoint";
import type { Fault } from "../bridge";
import type { DocumentState } from "../state/document.svelte";
import { notices } from "../state/notices.svelte";
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

/**
 * Starts a run of the text as it stands. `problems` or `input`: what has to be looked at first. `wrongFaults`: what is
 * wrong with the faults on purpose; nothing else was said of it.
 */
export async function startRun({
  doc,
  session,
  input,
  breakpoints,
  debug,
  options,
}: RunWanted): Promise<"problems" | "input" | { readonly id: string } | { readonly wrongFaults: Fault }> {
  doc.recheck();
  const schemas = doc.workflow?.parameters ?? {};
  if (doc.errors > 0 || !doc.sound) {
    notices.say(editorText.notRunnable(Math.max(1, doc.errors)), { severity: "warning" });
    return "problems";
  }
  const missing = input.missing(schemas);
  if (missing.length > 0 || input.problem !== undefined) {
    notices.say(input.problem === undefined ? runInputText.missing(missing) : runInputText.notJson(input.problem), {
      severity: "warning",
    });
    return "input";
  }
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
    const { fault } = session;
    if (fault?.where?.startsWith("faults") === true) return { wrongFaults: fault };
    if (fault) notices.fault(fault);
    return { id: "" };
  }
  void input.load();
  if (debug) studio.openExecution(id, doc.workflow?.name);
  return { id };
}
