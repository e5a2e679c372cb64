import fc from "fast-check";
import { expect, test } from "vitest";
import { elementAt, elementsOf, emptyVector, setAt } from "@shared/execution/vector";

test("a vector holds what a list would, whatever the order it was filled in", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5000), fc.integer())), (writes) => {
      const list: number[] = [];
      let vector = emptyVector<number>();
      for (const [at, item] of writes) {
        list[at] = item;
        vector = setAt(vector, at, item);
      }
      expect(elementsOf(vector, -1)).toEqual(Array.from(list, (item) => item ?? -1));
      expect(JSON.parse(JSON.stringify(vector))).toEqual(vector);
    }),
  );
});

test("a change leaves the vector before as it was", () => {
  const before = setAt(setAt(emptyVector<string>(), 0, "a"), 40, "b");
  const after = setAt(before, 40, "c");
  expect([elementAt(before, 40), elementAt(after, 40), elementAt(after, 7), elementAt(after, 5000)]).toEqual([
    "b",
    "c",
    undefined,
    undefined,
  ]);
});
