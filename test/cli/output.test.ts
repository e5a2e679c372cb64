import { expect, it } from "vitest";
import { duration } from "../../src-main/cli/output";

it("durations are told in the two largest units", () => {
  expect([184, 1240, 185_000, 3_599_600, 3_602_372, 86_399_000, 176_400_000].map(duration)).toEqual([
    "184 ms",
    "1.24 s",
    "3 min 5 s",
    "1 h 0 min",
    "1 h 0 min",
    "1 d 0 h",
    "2 d 1 h",
  ]);
});
