import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  amount,
  bytesText,
  dayText,
  durationText,
  shortWhenText,
  whenText,
  zonedText,
} from "../../src-renderer/text/format";

const now = new Date(2026, 10, 23, 14, 6).getTime();
const at = (day: number, hour: number, minute: number, month = 10): number =>
  new Date(2026, month, day, hour, minute).getTime();

describe("figures", () => {
  it("carry their unit after a space", () => {
    expect([4, 999, 1240, 30_000, 130_000, 11_100_000, 183_600_000].map(durationText)).toEqual([
      "4 ms",
      "999 ms",
      "1.24 s",
      "30.0 s",
      "2 min 10 s",
      "3 h 5 min",
      "2 d 3 h",
    ]);
    expect([0, 412, 14_000, 212_400, 1_200_000, 48_000_000].map(bytesText)).toEqual([
      "0 B",
      "412 B",
      "14 kB",
      "212 kB",
      "1.2 MB",
      "48 MB",
    ]);
    expect(amount(1, "workflow")).toBe("1 workflow");
    expect(amount(1204, "entry", "entries")).toBe("1,204 entries");
  });

  it("never show a thousand of a unit that has a larger one", () => {
    fc.assert(
      fc.property(fc.nat(999_000_000_000), (bytes) => {
        expect(bytesText(bytes)).not.toMatch(/^\d{4}/);
      }),
    );
  });
});

describe("moments", () => {
  it("are told by the clocks of a time zone, with what sets two zones apart where there are two", () => {
    const at = Date.parse("2026-03-29T01:00:00Z");
    expect(zonedText(at, "Europe/Berlin")).toBe("Sun 29 Mar 03:00");
    expect(zonedText(at - 1000, "Europe/Berlin", true)).toBe("Sun 29 Mar 01:59:59 GMT+1");
    expect(zonedText(at, "Asia/Kolkata", true)).toBe("Sun 29 Mar 06:30 GMT+5:30");
  });

  it("are as short as they can be", () => {
    expect(whenText(at(23, 9, 5), now)).toBe("today 09:05");
    expect(whenText(at(22, 23, 59), now)).toBe("yesterday");
    expect(dayText(at(16, 8, 0), now)).toBe("Mon 16 Nov");
    expect(dayText(at(3, 8, 0, 1), now)).toBe("3 Feb");
    expect(dayText(new Date(2024, 1, 3).getTime(), now)).toBe("3 Feb 2024");
    expect(shortWhenText(at(23, 14, 2), now)).toBe("14:02");
    expect(shortWhenText(at(18, 6, 0), now)).toBe("Wed 06:00");
  });

  it("name a day to come by its date", () => {
    expect(dayText(at(24, 8, 0), now)).toBe("24 Nov");
  });
});
