import { describe, expect, it } from "vitest";
import { latest } from "../../src-renderer/state/latest";

describe("loading the latest", () => {
  it("costs two loads however often it is asked for at once, and the last starts after the last question", async () => {
    const open: (() => void)[] = [];
    let loads = 0;
    const load = latest(() => {
      loads++;
      return new Promise((done) => open.push(done));
    });
    const asked = [load(), load(), load()];
    open[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(loads).toBe(2);
    open[1]?.();
    await Promise.all(asked);
    expect(loads).toBe(2);
  });

  it("loads again after a load that failed", async () => {
    let loads = 0;
    const load = latest(() => (loads++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve()));
    await expect(load()).rejects.toThrow("no");
    await load();
    expect(loads).toBe(2);
  });
});
