import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import fc from "fast-check";
import { keepState, restoredState } from "../../src-main/shell/window-state";
import { readDesktopArguments } from "../../src-main/shell/arguments";

const folder = mkdtempSync(join(tmpdir(), "apg-state-"));
const file = join(folder, "deep", "window.json");
const screen = { x: 0, y: 0, width: 1920, height: 1080 };
afterAll(() => rmSync(folder, { recursive: true }));

describe("where a window opens", () => {
  it("is the middle of the first screen, the first time", () => {
    expect(restoredState(join(folder, "none.json"), [screen])).toEqual({
      x: 240,
      y: 90,
      width: 1440,
      height: 900,
      maximized: false,
    });
  });
  it("is not larger than the screen", () => {
    expect(restoredState(join(folder, "none.json"), [{ x: 0, y: 0, width: 1280, height: 700 }])).toMatchObject({
      x: 0,
      y: 0,
      width: 1280,
      height: 700,
    });
  });
  it("is where it was", () => {
    const state = { x: 100, y: 50, width: 1200, height: 800, maximized: true };
    keepState(file, state);
    expect(restoredState(file, [screen])).toEqual(state);
  });
  it("is a screen that is there, when the one it was on is gone", () => {
    keepState(file, { x: 2500, y: 50, width: 1200, height: 800, maximized: false });
    expect(restoredState(file, [screen])).toMatchObject({ x: 240, y: 90 });
  });
  it.each(["", "{", "null", "[]", '{"x": "1"}', '{"x": 1e999, "y": 0, "width": 1, "height": 1}'])(
    "survives a damaged file: %s",
    (text) => {
      writeFileSync(file, text);
      expect(restoredState(file, [screen])).toMatchObject({ width: 1440, height: 900 });
    },
  );
  it("can always be reached by its title bar", () => {
    const number = fc.integer({ min: -5000, max: 5000 });
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        (x, y, width, height) => {
          keepState(file, { x, y, width, height, maximized: false });
          const state = restoredState(file, [screen]);
          expect(state.y).toBeGreaterThanOrEqual(0);
          expect(state.y).toBeLessThan(1080);
          expect(state.x + state.width).toBeGreaterThan(0);
          expect(state.x).toBeLessThan(1920);
        },
      ),
    );
  });
});

describe("the desktop's command line", () => {
  it("names files and a workspace, whatever Electron adds", () => {
    expect(
      readDesktopArguments(
        ["--inspect=0", "out/main/desktop.js", "a.workflow.yaml", "--workspace", "ws", "/x/b.apgb", "--no-sandbox"],
        "/home/me",
      ),
    ).toEqual({ workspace: "/home/me/ws", files: ["/home/me/a.workflow.yaml", "/x/b.apgb"] });
    expect(readDesktopArguments(["--workspace=/ws", "notes.txt"], "/")).toEqual({ workspace: "/ws", files: [] });
  });
});
