import { expect, it } from "vitest";
import { fold, planOf } from "@shared/execution/replay";
import { stateOfLane } from "../../src-renderer/debugger/drawn";
import { Lanes } from "../../src-renderer/debugger/lanes";
import { journalOf } from "./journal";

it("a pause before the next attempt is drawn while it goes on, and its lane waits", () => {
  const journal = journalOf("retries");
  const failed = journal.findIndex(({ event }) => event.kind === "attempt-failed");
  const so = journal.slice(0, failed + 1);
  const plan = planOf(so[0]);
  if (!plan.ok) throw new Error("not a journal");
  const lanes = new Lanes(plan.value);
  const [row] = lanes.take(so, fold(plan.value, undefined, so)!);
  const pause = row?.bars.at(-1);
  expect(pause).toMatchObject({ kind: "backoff", fromSeq: so.length });
  expect(pause?.toSeq).toBeUndefined();
  expect(stateOfLane(row!, [], so.length, false)).toBe("waiting");
  // Once the next attempt has begun it is a bar with an end.
  const [whole] = lanes.take(journal, fold(plan.value, undefined, journal)!);
  expect(whole?.bars.filter(({ kind }) => kind === "backoff").every(({ toSeq }) => toSeq !== undefined)).toBe(true);
  expect(stateOfLane(whole!, [], so.length, true)).toBe("waiting");
});
