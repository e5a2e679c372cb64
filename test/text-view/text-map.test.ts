import fc from "fast-check";
import { expect, test } from "vitest";
import { changeBetween, TextMap } from "../../src-renderer/text-view/text-map";

const anyText = fc
  .array(fc.constantFrom("a", "bc", "\n", "\r\n", "\r", "é", " "), { maxLength: 40 })
  .map((parts) => parts.join(""));

test("a spot leads back to its offset, whatever the line ends", () => {
  fc.assert(
    fc.property(anyText, fc.nat(60), (text, at) => {
      const offset = Math.min(at, text.length);
      // Between the two characters of a line end there is no spot of its own.
      if (text[offset - 1] === "\r" && text[offset] === "\n") return;
      const map = new TextMap(text);
      expect(map.offset(map.spot(offset))).toBe(offset);
    }),
  );
});

test("a byte order mark is no column", () => {
  expect(new TextMap("\uFEFFid: a\n").offset({ line: 1, column: 1 })).toBe(1);
});

test("a column past the end stays on its line", () => {
  expect(new TextMap("ab\r\ncd").offset({ line: 1, column: 99 })).toBe(2);
});

test("one change turns a text into another", () => {
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const change = changeBetween(before, after);
      const made = change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;
      expect(made).toBe(after);
    }),
  );
});
