import { durationOf, momentOf } from "@shared/base/duration";
import { EXIT, usage } from "./exit";
import type { RehearsedFiring } from "../triggers/rehearsal";
import type { OpenHost, RehearsalReport } from "./host";
import { duration, print, printJson, say } from "./output";
import { openedLab, prepared, sayUnmet } from "./prepared";
import { reason } from "./progress";
import { whyNot } from "./run";
import type { RunOptions } from "./run-options";
import type { Outside } from "./outside";

/** What makes the exit code 1, as it would of a single run. */
const BAD = ["failed", "cancelled", "refused"];

type Options = RunOptions & { readonly schedule: string };

/** `apg run FILE|ID --schedule SPAN`: fires the workflow's schedules in virtual time; a line for each firing on stdout. */
export async function rehearseCommand(
  target: string,
  options: Options,
  openHost: OpenHost,
  outside: Outside,
): Promise<number> {
  const span = durationOf(options.schedule);
  if (span === undefined || span === 0)
    throw usage(`--schedule ${options.schedule}: is no span of time; write one such as 24h, 90m or 7d.`);
  const from = options.from === undefined ? Date.now() : momentOf(options.from);
  if (from === undefined)
    throw usage(`--from ${String(options.from)}: is no moment; write one such as 2026-03-29T00:00:00Z.`);
  if (options.input !== undefined || options.param.length > 0)
    throw usage("--schedule takes neither --input nor --param: its triggers say what each execution is given.");
  const host = await openHost(options.workspace);
  host.warm();
  try {
    const { source, request } = await prepared(target, options, host, outside);
    const schedules = await host.schedules(source.definition);
    if (schedules === 0) throw usage(`${target}: has no schedule trigger, so there is nothing to fire.`);
    const lab = await openedLab({ ...options, virtualTime: true }, host, from);
    const firings: RehearsedFiring[] = [];
    let printed = Promise.resolve();
    let started = 0;
    const rehearsing = await host.rehearse(
      {
        lab,
        workflow: source.definition,
        from,
        until: from + span,
        env: request.env,
        start: (given) =>
          host.engine.begin({
            ...request,
            ...given,
            lab,
            ...(options.seed === undefined ? {} : { seed: `${options.seed}#${(started += 1)}` }),
          }),
        why: whyNot,
      },
      (firing) => {
        firings.push(firing);
        if (!options.json) printed = printed.then(() => print(lineOf(firing, schedules)));
      },
    );
    let interrupts = 0;
    const onInterrupt = (): void => {
      interrupts += 1;
      if (interrupts > 2) process.exit(EXIT.interrupted);
      say(interrupts === 1 ? "Cancelling … (once more ends undoing too)" : "Ending …");
      rehearsing.stop("interrupted");
    };
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onInterrupt);
    const { cut } = await rehearsing.done.finally(() => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onInterrupt);
    });
    await printed;
    firings.sort((a, b) => a.dueAt - b.dueAt || a.index - b.index);
    const report = reportOf(source.definition.id, from, from + span, firings);
    if (options.json) await printJson(report);
    else if (!options.quiet) say(summary(report));
    if (cut) say(`Stopped after ${firings.length} firings, the most that one rehearsal takes.`);
    sayUnmet(lab, options);
    if (interrupts > 0) return EXIT.interrupted;
    return firings.some((firing) => BAD.includes(statusOf(firing))) ? EXIT.failed : EXIT.ok;
  } finally {
    await host.close();
  }
}

/** How the execution ended, or why there was none. */
function statusOf({ outcome, end }: RehearsedFiring): string {
  return end?.status ?? outcome;
}

function lineOf(firing: RehearsedFiring, schedules: number): string {
  const { dueAt, timezone, end, executionId, message, index, missed, outcome } = firing;
  const error = end?.error;
  const why = message ?? (error === undefined ? undefined : `${error.component ?? "workflow"}: ${reason(error)}`);
  const parts = [
    inZone(dueAt, timezone).padEnd(25),
    statusOf(firing).padEnd(9),
    (end === undefined ? "" : `in ${duration(end.settledAt - end.startedAt)}`).padEnd(12),
    executionId,
    schedules > 1 ? `trigger ${index + 1}` : undefined,
    missed > 0 && outcome !== "missed" ? `for ${missed} missed` : undefined,
    why,
  ];
  return parts
    .filter((part) => part !== undefined)
    .join("  ")
    .trimEnd();
}

/** A moment as a clock in `timezone` shows it, with its offset; without one as this machine's does. */
function inZone(at: number, timezone: string | undefined): string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    ...(timezone === undefined ? {} : { timeZone: timezone }),
    dateStyle: "short",
    timeStyle: "medium",
  });
  const shown = format.format(at).replace(" ", "T");
  const minutes = Math.round((Date.parse(`${shown}Z`) - Math.floor(at / 1000) * 1000) / 60_000);
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, "0");
  return minutes === 0 ? `${shown}Z` : `${shown}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function reportOf(
  workflowId: string,
  from: number,
  until: number,
  firings: readonly RehearsedFiring[],
): RehearsalReport {
  const counts: { [status: string]: number } = {};
  for (const firing of firings) {
    const status = statusOf(firing);
    // One line tells of all that nothing makes up for.
    counts[status] = (counts[status] ?? 0) + (firing.outcome === "missed" ? firing.missed : 1);
  }
  return {
    workflow_id: workflowId,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    counts,
    firings: firings.map((firing) => {
      const { dueAt, index, cron, timezone, missed, end, executionId, message } = firing;
      return {
        scheduled_at: new Date(dueAt).toISOString(),
        trigger: index + 1,
        cron,
        ...(timezone === undefined ? {} : { timezone }),
        missed,
        status: statusOf(firing),
        ...(executionId === undefined ? {} : { execution_id: executionId }),
        ...(end === undefined
          ? {}
          : {
              started_at: new Date(end.startedAt).toISOString(),
              ended_at: new Date(end.settledAt).toISOString(),
              duration_ms: end.settledAt - end.startedAt,
              ...(end.error === undefined ? {} : { error: errorOf(end.error) }),
            }),
        ...(message === undefined ? {} : { message }),
      };
    }),
  };
}

function errorOf({
  type,
  message,
  component,
}: NonNullable<NonNullable<RehearsedFiring["end"]>["error"]>): NonNullable<
  RehearsalReport["firings"][number]["error"]
> {
  return { type, message, ...(component === undefined ? {} : { component }) };
}

function summary({ from, until, counts }: RehearsalReport): string {
  const said = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  const due = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const what = due === 0 ? "nothing was due" : `${due} due: ${said.join(", ")}`;
  return `${what}, from ${from} to ${until}`;
}
