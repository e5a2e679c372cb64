import { describe, expect, it } from "vitest";
import type { RehearsedFiring } from "@shared/contract/rehearsals";
import { FiringsProgress, dueSentence } from "../../src-main/cli/firings-progress";

const from = Date.parse("2026-03-28T00:00Z");
const DAY = 86_400_000;

describe("what a rehearsal tells before and meanwhile", () => {
  it.each([
    [{ total: 0, isMore: false, each: [] }, "Nothing is due from"],
    [
      { total: 1, isMore: false, each: [] },
      "1 firing is due from 2026-03-28T00:00:00.000Z to 2026-03-29T00:00:00.000Z.",
    ],
    [{ total: 8640, isMore: false, each: [] }, "8,640 firings are due from"],
    [{ total: 10_000, isMore: true, each: [] }, "the rehearsal ends after 10,000."],
  ])("%j is %s", (tally, sentence) => {
    expect(dueSentence(tally, from, from + DAY)).toContain(sentence);
  });

  it("says every five seconds how far it is, a start that makes up for others counting for all of them", () => {
    let now = 0;
    const said: string[] = [];
    const due = { total: 8640, isMore: false, each: [] };
    const progress = new FiringsProgress(
      due,
      () => now,
      (text) => said.push(text),
    );
    const firing = (missed: number): RehearsedFiring => ({
      index: 0,
      cron: "*/10 * * * * *",
      dueAt: from + now,
      missed,
      outcome: "ended",
    });
    for (; now < 11_000; now += 1000) progress.took(firing(now === 2000 ? 3 : 0));
    expect(said).toEqual([
      "8 of 8,640 firings, at 2026-03-28T00:00:05.000Z …",
      "13 of 8,640 firings, at 2026-03-28T00:00:10.000Z …",
    ]);
  });
});
