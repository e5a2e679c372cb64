import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOTHING, only, ranged, surviving, toggled } from "../../src-renderer/ui/selection";

const ALL = ["a", "b", "c", "d", "e"];

describe("what is chosen in a list", () => {
  it("reaches from the anchor to the row struck, in either direction", () => {
    expect([...ranged(only("d"), "b", ALL).keys]).toEqual(["b", "c", "d"]);
    expect([...ranged(ranged(only("b"), "e", ALL), "c", ALL).keys]).toEqual(["b", "c"]);
  });

  it("is itself again after a row was toggled twice", () => {
    fc.assert(
      fc.property(fc.subarray(ALL), fc.constantFrom(...ALL), (keys, key) => {
        const before = { keys: new Set(keys), at: keys[0], anchor: keys[0] };
        expect(toggled(toggled(before, key), key).keys).toEqual(before.keys);
      }),
    );
  });

  it("moves to the next row when the focused one is gone, else to the one before", () => {
    expect(surviving(only("c"), ALL, ["a", "b", "d", "e"]).at).toBe("d");
    expect(surviving(only("e"), ALL, ["a", "b"]).at).toBe("b");
    expect(surviving(only("a"), ["a"], [])).toBe(NOTHING);
  });

  it("never holds a row that is not there", () => {
    fc.assert(
      fc.property(fc.subarray(ALL), fc.subarray(ALL), fc.constantFrom(...ALL), (keys, left, at) => {
        const kept = surviving({ keys: new Set(keys), at, anchor: at }, ALL, left);
        expect([...kept.keys].every((key) => left.includes(key))).toBe(true);
      }),
    );
  });
});
