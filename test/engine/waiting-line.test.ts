import { expect, test } from "vitest";
import { WaitingLine } from "../../src-main/engine/waiting-line";

test("turns come in the order of arrival", async () => {
  const line = new WaitingLine();
  const came: number[] = [];
  const all = [1, 2, 3].map((n) => line.wait().then(() => came.push(n)));
  for (const _ of all) line.next();
  await Promise.all(all);
  expect(came).toEqual([1, 2, 3]);
});

test("who was stopped takes no turn, even one it was just given", async () => {
  const line = new WaitingLine();
  const stop = new AbortController();
  const [stopped, late, last] = [line.wait(stop.signal), line.wait(stop.signal), line.wait()];
  line.next();
  stop.abort();
  await Promise.all([stopped, late, last]);
  await line.wait(AbortSignal.abort());
});
