import { describe, expect, it } from "vitest";
import { dueIn, tallyDue } from "@shared/workflow/triggers/due";
import { dueBetween } from "@shared/workflow/triggers/schedule";

const at = (text: string): number => Date.parse(text);
const berlin = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
const eight = { cron: "0 */8 * * *", timezone: "UTC" };
const goOn = async (): Promise<boolean> => true;

describe("what is due in a span", () => {
  it("comes in the order of time, the beginning included and the end not", () => {
    const span = { from: at("2026-03-28T00:00Z"), until: at("2026-03-29T00:00Z") };
    const due = [...dueIn([eight, berlin], span)];
    expect(due.map(({ index, at: moment }) => `${index} ${new Date(moment).toISOString().slice(11, 16)}`)).toEqual([
      "0 00:00",
      "1 01:30",
      "0 08:00",
      "0 16:00",
    ]);
  });

  it("is what a host would look back at, also where clocks change", () => {
    const [from, until] = [at("2026-03-01T00:00Z"), at("2026-11-30T00:00Z")];
    const ahead = [...dueIn([berlin], { from, until })].map((one) => one.at);
    expect(ahead).toEqual(dueBetween(berlin, from - 1, until - 1, 1000));
  });

  it("is counted for each schedule, with its first and last", async () => {
    const span = { from: at("2026-03-28T00:00Z"), until: at("2026-03-30T00:00Z") };
    const never = { cron: "0 0 1 1 *", timezone: "UTC" };
    expect(await tallyDue([eight, never], span, 100, goOn)).toEqual({
      total: 6,
      isMore: false,
      each: [{ count: 6, first: at("2026-03-28T00:00Z"), last: at("2026-03-29T16:00Z") }, { count: 0 }],
    });
  });

  it("is counted up to a limit, and given up when that is asked for", async () => {
    const minutely = { cron: "* * * * *", timezone: "UTC" };
    const span = { from: 0, until: 86_400_000 };
    expect(await tallyDue([minutely], span, 100, goOn)).toMatchObject({ total: 100, isMore: true });
    expect(await tallyDue([minutely], { from: 0, until: 6_000_000 }, 100, goOn)).toMatchObject({
      total: 100,
      isMore: false,
    });
    let rests = 0;
    expect(await tallyDue([minutely], span, 10_000, async () => ++rests < 3)).toBeUndefined();
  });
});
