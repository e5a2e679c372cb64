import { Cron } from "croner";
import type { AtMs } from "../../base/units";
import type { ScheduleTrigger } from "./trigger";

type When = Pick<ScheduleTrigger, "cron" | "timezone">;

/** So many moments are found between two rests: a few milliseconds' worth. */
const BETWEEN_RESTS = 32;

/** A time that schedules are looked at for: from its beginning on, without its end. */
export interface DueSpan {
  readonly from: AtMs;
  readonly until: AtMs;
}

/** How often schedules are due in a span. */
export interface DueTally {
  readonly total: number;
  /** Whether there are more than were counted. */
  readonly isMore: boolean;
  /** In the order of the schedules given; those never due have neither `first` nor `last`. */
  readonly each: readonly { readonly count: number; readonly first?: AtMs; readonly last?: AtMs }[];
}

/** The moments at which `schedules` are due in `span`, in the order of time; `index` is the schedule's place in the list. */
export function* dueIn(
  schedules: readonly When[],
  { from, until }: DueSpan,
): Generator<{ readonly index: number; readonly at: AtMs }> {
  const jobs = schedules.map(
    ({ cron, timezone }) => new Cron(cron, { paused: true, ...(timezone === undefined ? {} : { timezone }) }),
  );
  const after = (job: Cron, at: AtMs): AtMs => job.nextRun(new Date(at))?.getTime() ?? Infinity;
  const next = jobs.map((job) => after(job, from - 1));
  for (;;) {
    const at = next.reduce((a, b) => Math.min(a, b), Infinity);
    if (at >= until) return;
    const index = next.indexOf(at);
    yield { index, at };
    next[index] = after(jobs[index] as Cron, at);
  }
}

/**
 * Counts how often `schedules` are due in `span`, up to `most` times in all.
 *
 * Takes long where there is much to count, so it rests every few milliseconds.
 *
 * @param rest lets others have their turn; false has it give up.
 * @returns undefined when it gave up.
 */
export async function tallyDue(
  schedules: readonly When[],
  span: DueSpan,
  most: number,
  rest: () => Promise<boolean>,
): Promise<DueTally | undefined> {
  const each: { count: number; first?: AtMs; last?: AtMs }[] = schedules.map(() => ({ count: 0 }));
  let total = 0;
  for (const { index, at } of dueIn(schedules, span)) {
    if (total === most) return { total, isMore: true, each };
    total += 1;
    const so = each[index];
    if (so !== undefined) each[index] = { count: so.count + 1, first: so.first ?? at, last: at };
    if (total % BETWEEN_RESTS === 0 && !(await rest())) return undefined;
  }
  return { total, isMore: false, each };
}
