import type { Json } from "@shared/base/json";
import type { FollowItem } from "@shared/contract/executions";
import type { Entry } from "@shared/execution/event";
import { type Replayed, replay } from "@shared/execution/replay";
import type { EngineProblem } from "../engine/engine";
import { EXIT, usage } from "./exit";
import { readInput } from "./input";
import { labOf, prepared, sayUnmet } from "./prepared";
import type { CliHost, OpenHost, RunReport, UndoReport } from "./host";
import { duration, print, printJson, say } from "./output";
import { readParameters } from "./parameters";
import { progressOn, reason } from "./progress";
import { reportOf } from "./report";
import type { RunOptions } from "./run-options";
import type { Outside } from "./outside";

/** How many executions are looked through for those that one called. */
const NEWEST = 1000;

/** `apg run FILE|ID`: runs to the end; progress on stderr, result on stdout. */
export async function runCommand(
  target: string,
  options: RunOptions,
  openHost: OpenHost,
  outside: Outside,
): Promise<number> {
  if (options.from !== undefined) throw usage("--from goes with --schedule.");
  const input = options.input === undefined ? null : await readInput(options.input);
  const host = await openHost(options.workspace);
  host.warm();
  try {
    const { source, request } = await prepared(target, options, host, outside);
    const parameters = readParameters(options.param, source.definition);
    const lab = await labOf(options, host);
    const started = host.engine.start({
      ...request,
      input,
      parameters,
      ...(lab === undefined ? {} : { lab }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    });
    if (!started.ok) throw usage(`${target}: ${whyNot(started.problem)}`);
    const code = await followToTheEnd(host, started.value.id, source.definition.components.length, options);
    sayUnmet(lab, options);
    return code;
  } finally {
    await host.close();
  }
}

/** Follows an execution, cancels it on SIGINT, and prints its result. */
export async function followToTheEnd(
  host: CliHost,
  id: string,
  components: number,
  options: Pick<RunOptions, "json" | "quiet">,
): Promise<number> {
  let interrupts = 0;
  const onInterrupt = () => {
    interrupts += 1;
    // The third time nobody waits any more: whoever takes the execution up goes on where it is.
    if (interrupts > 2) process.exit(EXIT.interrupted);
    say(interrupts === 1 ? "Cancelling … (once more ends undoing too)" : "Ending …");
    host.engine.cancel(id, "interrupted");
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  const progress = await progressOn(process.stderr, components, options.quiet === true);
  const entries: Entry[] = [];
  const stopNotices = host.notices(({ title, message }) => say(`${title}: ${message}`));
  try {
    for await (const item of host.engine.follow(id)) {
      keep(item, entries);
      progress.show(item);
    }
    const calls = entries.some(({ event }) => event.kind === "attempt-started" && event.childId !== undefined);
    if (calls && interrupts < 2) await undoneBelow(host, id);
  } finally {
    progress.end();
    stopNotices();
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
  const masker = await host.masker(id);
  for (const entry of entries) masker.entry(entry);
  const report = await reportOf(replayed(entries), masker, (value) => host.engine.read(id, value));
  if (options.json) await printJson(report);
  else await summary(report);
  if (interrupts > 0) return EXIT.interrupted;
  return report.status === "completed" || report.status === "completed_with_warnings" ? EXIT.ok : EXIT.failed;
}

/** Waits for what `id` called and stopped on its way, such as what lost a race: it may still be undoing what it did. */
async function undoneBelow(host: CliHost, id: string): Promise<void> {
  const tree = new Set([id]);
  const oldestFirst = [...(await host.executions(NEWEST))].reverse();
  for (const { id: one, parent, status } of oldestFirst) {
    if (parent === undefined || !tree.has(parent.executionId)) continue;
    tree.add(one);
    if (status === "compensating") await host.engine.settled(one);
  }
}

function keep(item: FollowItem, entries: Entry[]): void {
  if (item.kind === "entries") for (const entry of item.entries) entries.push(entry);
}

function undoText(steps: readonly UndoReport[]): string {
  const of = steps.filter(({ component }) => component !== undefined);
  const undone = of.filter(({ status }) => status === "completed").length;
  return `${undone} of ${of.length} component${of.length === 1 ? "" : "s"} undone`;
}

async function summary(report: RunReport): Promise<void> {
  say(`${report.status} in ${duration(report.duration_ms)}`);
  if (report.undo) say(undoText(report.undo));
  for (const warning of report.warnings) say(`warning: ${warning}`);
  if (report.error) say(`${report.error.component ?? report.workflow_id}: ${reason(report.error)}`);
  if (report.status === "completed" || report.status === "completed_with_warnings")
    await print(outputText(report.output));
}

function outputText(output: Json): string {
  return typeof output === "string" ? output : JSON.stringify(output, null, 2);
}

/**
 * A journal folded.
 *
 * @throws Stop when a newer studio wrote it.
 */
export function replayed(entries: readonly Entry[]): Replayed {
  const result = replay(entries);
  if (result.ok) return result.value;
  switch (result.problem.kind) {
    case "newer-rules":
      throw usage(
        `The journal follows rules ${result.problem.rules}; this version knows ${result.problem.known}. Update the studio.`,
      );
    case "no-start":
      throw usage("The journal does not begin with the start of an execution.");
    case "bad-definition":
      throw usage(
        `The journal's definition cannot be run: ${result.problem.problems.map((one) => one.message).join(" ")}`,
      );
  }
}

/** One sentence for a refused start or command. */
/** What follows a name and a colon, as a sentence of its own; a message may begin with a name, which stays as it is. */
export function sentenceOf(problem: EngineProblem): string {
  const words = whyNot(problem);
  return "message" in problem ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

export function whyNot(problem: EngineProblem): string {
  switch (problem.kind) {
    case "invalid-parameters":
    case "invalid-workflow":
      return problem.message;
    case "unknown-execution":
      return `there is no execution ${problem.id}; "apg executions list" shows them.`;
    case "owned-elsewhere":
      return `another program on this workspace carries execution ${problem.id}.`;
    case "already-settled":
      return `execution ${problem.id} is already ${problem.status}.`;
    case "overlap-skipped":
      return `as many executions of ${problem.workflowId} run as may at once, and its concurrency.overlap is skip.`;
    case "no-task":
      return `execution ${problem.id} has no open task at ${problem.path}; "apg tasks" shows them.`;
    case "task-answered":
      return `the task ${problem.path} of execution ${problem.id} has been answered already.`;
    case "invalid-answer":
      return problem.message;
    case "not-held":
    case "not-debugged":
      return `execution ${problem.id} is not held.`;
  }
}
