import { describe, expect, it } from "vitest";
import type { RehearsedFiring } from "@shared/contract/rehearsals";
import { firingWhy } from "../../src-renderer/text/rehearsal";

const HOUR = 3_600_000;
const at = Date.parse("2026-03-28T02:00Z");
const firing: RehearsedFiring = {
  index: 0,
  cron: "0 * * * *",
  timezone: "UTC",
  dueAt: at,
  missed: 0,
  outcome: "ended",
};
const hours = (count: number): readonly number[] => Array.from({ length: count }, (_, hour) => at + hour * HOUR);

describe("why a firing came to what it did", () => {
  it("is the component and its error, or nothing where all went well", () => {
    const end = { status: "failed", startedAt: at, settledAt: at } as const;
    const error = { type: "server_error", message: "answered with 503", component: "fetch" };
    expect(firingWhy({ ...firing, end: { ...end, error } })).toBe("fetch: answered with 503");
    expect(firingWhy({ ...firing, end: { ...end, status: "completed" } })).toBe("");
  });

  it("names the other times that were missed, as long as they are few", () => {
    const missed = (count: number) =>
      ({ ...firing, outcome: "missed", missed: count, missedAt: hours(count) }) as const;
    expect(firingWhy({ ...missed(1), message: "The machine slept." })).toBe("The machine slept.");
    expect(firingWhy(missed(3))).toBe("And Sat 28 Mar 03:00, Sat 28 Mar 04:00.");
    expect(firingWhy(missed(12))).toBe("And 11 more until Sat 28 Mar 13:00.");
  });

  it("says for how many missed starts it makes up", () => {
    expect(firingWhy({ ...firing, missed: 1, missedAt: hours(1) })).toBe("For a missed start.");
    expect(firingWhy({ ...firing, missed: 3, missedAt: hours(3) })).toBe("For 3 missed since Sat 28 Mar 02:00.");
  });
});
