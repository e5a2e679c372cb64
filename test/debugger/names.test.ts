import { expect, it } from "vitest";
import { onlyWaits } from "../../src-renderer/debugger/names";

const NONE = {
  pending: 0,
  ready: 0,
  running: 0,
  waiting: 0,
  completed: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
  compensated: 0,
  held: 0,
};

it("an execution waits while nothing in it is carried out", () => {
  expect(onlyWaits({ status: "running", counts: { ...NONE, waiting: 1, pending: 3 } })).toBe(true);
  expect(onlyWaits({ status: "running", counts: { ...NONE, waiting: 1, running: 1 } })).toBe(false);
  expect(onlyWaits({ status: "running", counts: NONE })).toBe(false);
  expect(onlyWaits({ status: "cancelled", counts: { ...NONE, waiting: 1 } })).toBe(false);
});
