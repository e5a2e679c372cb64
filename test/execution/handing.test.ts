import { expect, it } from "vitest";
import { inPieces, Together } from "@shared/execution/handing";
import { NULL_VALUE } from "@shared/execution/value";
import type { Finished, KeptText } from "@shared/execution/work";

const finished = (values: readonly KeptText[]): Finished => ({
  kind: "completed",
  output: NULL_VALUE,
  kept: { values, secrets: [{ id: "a@1!0", text: '"s"' }] },
});

it("long texts are handed over in pieces and are put together as they were", () => {
  const list: KeptText = {
    id: "a@1.2",
    text: `[${"1,".repeat(600_000)}1]`,
    pages: { items: 600_001, starts: [[0, 1]] },
  };
  const whole = finished([{ id: "a@1.0", text: "short" }, { id: "a@1.1", text: "x😀".repeat(900_000) }, list]);
  const { pieces, rest } = inPieces(whole);
  const texts = rest.kept.values.map(({ text }) => text);
  expect(texts).toEqual(["short", "", ""]);
  const together = new Together();
  let most = 0;
  for (const piece of pieces) {
    most = Math.max(most, piece.piece.length);
    together.add(piece);
  }
  expect(most).toBeLessThanOrEqual(128 * 1024);
  expect(together.with(rest)).toEqual(whole);
});

it("what has no long text is handed over as it is", () => {
  const whole = finished([{ id: "a@1.0", text: "short" }]);
  const { pieces, rest } = inPieces(whole);
  expect([...pieces]).toEqual([]);
  expect(rest).toBe(whole);
  expect(new Together().with(rest)).toBe(whole);
});
