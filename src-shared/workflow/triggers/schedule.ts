import { Cron, CronPattern } from "croner";
import type { AtMs } from "../../base/units";
import { nearest } from "../../expression/nearest";
import type { ScheduleTrigger } from "./trigger";

/** Of the starts that a schedule missed, the newest so many are looked at. */
export const MOST_MISSED = 1000;

type When = Pick<ScheduleTrigger, "cron" | "timezone">;

/** Why `cron` cannot be read, in a sentence. */
export function cronProblem(cron: string): string | undefined {
  try {
    new CronPattern(cron);
    return undefined;
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    const parts = cron.trim().split(/\s+/).length;
    if (!cron.trim().startsWith("@") && (parts < 5 || parts > 7))
      return `cron has five parts (minute hour day month weekday), six with seconds first; this one has ${parts}.`;
    return `cron cannot be read: ${error.message.replace(/^CronPattern:\s*/, "").replace(/\.?$/, ".")}`;
  }
}

/** Why there is no such time zone, with the name that was meant where there is one. */
export function zoneProblem(zone: string): { readonly message: string; readonly meant?: string } | undefined {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const meant = nearest(zone, Intl.supportedValuesOf("timeZone"));
    const message = `There is no time zone ${zone}; ${meant === undefined ? "use a name such as Africa/Nairobi" : `did you mean ${meant}?`}`;
    return { message: meant === undefined ? `${message}.` : message, ...(meant === undefined ? {} : { meant }) };
  }
}

/**
 * When a schedule is due next after `after`; undefined when never again.
 *
 * Where clocks go forward, a time that does not exist is due when the gap ends; where they go back, a time that comes twice is due at
 * its first coming.
 */
export function nextDue({ cron, timezone }: When, after: AtMs): AtMs | undefined {
  const job = new Cron(cron, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
  return job.nextRun(new Date(after))?.getTime();
}

/** The moments a schedule was due after `after` and up to `until`, oldest first; the newest `most` of them where there were more. */
export function dueBetween({ cron, timezone }: When, after: AtMs, until: AtMs, most: number): readonly AtMs[] {
  const job = new Cron(cron, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
  const moments: AtMs[] = [];
  // A moment itself is not before itself. Mostly one is due: many are looked for only where there are many.
  for (let from = until + 1, batch = 2; moments.length < most; batch = Math.min(100, batch * 4)) {
    const found = job
      .previousRuns(Math.min(batch, most - moments.length), new Date(from))
      .map((date) => date.getTime());
    const wanted = found.filter((at) => at > after && at < from);
    moments.push(...wanted);
    const last = wanted.at(-1);
    if (last === undefined || wanted.length < found.length) break;
    from = last;
  }
  return moments.reverse();
}
