import { MOST_FIRINGS, type FiringStatus, type RehearsedFiring } from "@shared/contract/rehearsals";
import type { DueTally } from "@shared/workflow/triggers/due";
import { MOST_MISSED } from "@shared/workflow/triggers/schedule";
import { amount, countText, zonedText } from "./format";
import { statusText } from "./status";

/** Of missed times, so many are written out. */
const WRITTEN_OUT = 6;

/** What a workflow's schedules in virtual time say. */
export const rehearsalText = {
  // Run dialog
  asScheduled: "As scheduled",
  asScheduledHelp: "Fires its schedule triggers in virtual time, as a studio would that runs all the while.",
  span: "Span",
  spanHelp: "How long, such as 24h, 90m or 7d.",
  badSpan: "No span of time, or more than ten years; write one such as 24h, 90m or 7d.",
  from: "From",
  fromHelp: "Empty: from now. Without an offset it is UTC.",
  fromExample: "2026-03-29T00:00Z",
  badFrom: "No moment; write one such as 2026-03-29T00:00Z.",
  due: ({ total, isMore }: DueTally) =>
    isMore
      ? `More than ${countText(MOST_FIRINGS)} firings; it ends after so many.`
      : total === 0
        ? "Nothing is due in that time."
        : `${amount(total, "firing")}.`,
  counting: "Counting…",
  whatFires: "What fires",
  thisMachine: "this machine's time zone",
  dueEach: (count: number, first: string, last: string) =>
    count === 0
      ? "Never in that time."
      : count === 1
        ? `Once, ${first}`
        : `${amount(count, "firing")}, ${first} to ${last}`,
  real: "Each firing starts an execution with the event, input and parameters that its trigger says. Only time is virtual: requests, mails and files are real.",
  // Panel
  title: "Rehearsal",
  progress: "Firings that have come to something",
  running: (done: number, due: number) => `${countText(done)} of ${amount(due, "firing")}`,
  ended: (due: number, stopped: boolean, cut: boolean, hasOlder: boolean) =>
    hasOlder && !stopped && !cut
      ? `${amount(due, "firing")}, and missed ones older than the newest ${countText(MOST_MISSED)}`
      : stopped
        ? `Stopped after ${amount(due, "firing")}`
        : cut
          ? `Ended after ${amount(due, "firing")}, the most that one rehearsal takes`
          : amount(due, "firing"),
  nothingDue: "Nothing was due in that time.",
  stop: "Stop",
  endUndoing: "End undoing too",
  all: "All",
  show: "Show",
  columns: { due: "Due", what: "Came to", took: "Took", trigger: "Trigger", why: "Why" },
  open: "Open in the debugger",
  tabOf: (name: string, due: string) => `${name}, ${due}`,
};

/** The words for what a firing came to. */
export const firingText: Readonly<Record<FiringStatus, string>> = {
  ...statusText,
  missed: "missed",
  skipped: "skipped",
  refused: "refused",
};

/** What there is to say of a firing beside what it came to. */
export function firingWhy({ outcome, missedAt = [], hasOlderMissed, timezone, end, message }: RehearsedFiring): string {
  const why =
    message ??
    (end?.error && `${end.error.component === undefined ? "" : `${end.error.component}: `}${end.error.message}`);
  const missed = outcome === "missed" ? alsoMissed(missedAt, timezone) : madeUp(missedAt, timezone);
  const older = hasOlderMissed
    ? `More than ${countText(MOST_MISSED)} were missed: older ones are left out.`
    : undefined;
  return [missed, older, why].filter((part) => part !== undefined).join(" ");
}

function alsoMissed([, ...others]: readonly number[], timezone: string | undefined): string | undefined {
  const last = others.at(-1);
  if (last === undefined) return undefined;
  if (others.length >= WRITTEN_OUT) return `And ${countText(others.length)} more until ${zonedText(last, timezone)}.`;
  return `And ${others.map((at) => zonedText(at, timezone)).join(", ")}.`;
}

function madeUp(missedAt: readonly number[], timezone: string | undefined): string | undefined {
  const [first] = missedAt;
  if (first === undefined) return undefined;
  return missedAt.length === 1
    ? "For a missed start."
    : `For ${countText(missedAt.length)} missed since ${zonedText(first, timezone)}.`;
}
