import { firingStatus, type RehearsedFiring } from "@shared/contract/rehearsals";
import { MOST_MISSED } from "@shared/workflow/triggers/schedule";
import type { RehearsalReport } from "./host";
import { duration } from "./output";
import { reason } from "./progress";

/** Of missed times, so many are written out. */
const WRITTEN_OUT = 6;

/** A firing in a line: when it was due, what came of it, and why. */
export function lineOf(firing: RehearsedFiring, schedules: number): string {
  const { dueAt, timezone, end, executionId, message, index, outcome } = firing;
  const error = end?.error;
  const why = message ?? (error === undefined ? undefined : `${error.component ?? "workflow"}: ${reason(error)}`);
  const parts = [
    inZone(dueAt, timezone).padEnd(25),
    firingStatus(firing).padEnd(9),
    (end === undefined ? "" : `in ${duration(end.settledAt - end.startedAt)}`).padEnd(12),
    executionId,
    schedules > 1 ? `trigger ${index + 1}` : undefined,
    outcome === "missed" ? alsoMissed(firing) : madeUp(firing),
    firing.hasOlderMissed ? `older than the newest ${MOST_MISSED.toLocaleString("en")} missed are left out` : undefined,
    why,
  ];
  return parts
    .filter((part) => part !== undefined)
    .join("  ")
    .trimEnd();
}

/** The times beside the line's own that nothing makes up for. */
function alsoMissed({ missedAt = [], timezone }: RehearsedFiring): string | undefined {
  const others = missedAt.slice(1);
  const last = others.at(-1);
  if (last === undefined) return undefined;
  if (others.length >= WRITTEN_OUT) return `and ${others.length} more until ${inZone(last, timezone)}`;
  return `and ${others.map((at) => inZone(at, timezone)).join(", ")}`;
}

/** The missed times that a start makes up for. */
function madeUp({ missed, missedAt = [], timezone }: RehearsedFiring): string | undefined {
  const [first] = missedAt;
  if (first === undefined) return undefined;
  return missed === 1 ? "for 1 missed" : `for ${missed} missed since ${inZone(first, timezone)}`;
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

/** All firings as `--json` prints them. */
export function reportOf(
  workflowId: string,
  from: number,
  until: number,
  firings: readonly RehearsedFiring[],
): RehearsalReport {
  const counts: { [status: string]: number } = {};
  for (const firing of firings) {
    const status = firingStatus(firing);
    // One line tells of all that nothing makes up for.
    counts[status] = (counts[status] ?? 0) + (firing.outcome === "missed" ? firing.missed : 1);
  }
  return {
    workflow_id: workflowId,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    counts,
    firings: firings.map((firing) => {
      const { dueAt, index, cron, timezone, missed, missedAt, hasOlderMissed, end, executionId, message } = firing;
      return {
        scheduled_at: new Date(dueAt).toISOString(),
        trigger: index + 1,
        cron,
        ...(timezone === undefined ? {} : { timezone }),
        missed,
        ...(missedAt === undefined ? {} : { missed_at: missedAt.map((at) => new Date(at).toISOString()) }),
        ...(hasOlderMissed === undefined ? {} : { older_missed: hasOlderMissed }),
        status: firingStatus(firing),
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

/** How many came to what, in a line. */
export function summary({ from, until, counts }: RehearsalReport): string {
  const said = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  const due = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const what = due === 0 ? "nothing was due" : `${due} due: ${said.join(", ")}`;
  return `${what}, from ${from} to ${until}`;
}
