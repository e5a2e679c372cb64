import { describe, expect, it } from "vitest";
import { isStroke, keysText } from "../../src-renderer/ui/keys";

function stroke(key: string, marks: Partial<KeyboardEvent> = {}): KeyboardEvent {
  return { key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...marks } as KeyboardEvent;
}

describe("keys", () => {
  it("read as a person says them", () => {
    expect(keysText("Mod+Shift+Z")).toBe("Ctrl Shift Z");
    expect(keysText("Escape")).toBe("Esc");
  });

  it("need exactly their marks", () => {
    expect(isStroke(stroke("z", { ctrlKey: true }), "Mod+Z")).toBe(true);
    expect(isStroke(stroke("Z", { ctrlKey: true, shiftKey: true }), "Mod+Z")).toBe(false);
    expect(isStroke(stroke("Z", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Z")).toBe(true);
    expect(isStroke(stroke("F5", { shiftKey: true }), "F5")).toBe(false);
    expect(isStroke(stroke("Delete"), "Delete")).toBe(true);
  });

  it("find signs that some keyboards type with Shift", () => {
    expect(isStroke(stroke("/", { shiftKey: true }), "/")).toBe(true);
    expect(isStroke(stroke("?", { shiftKey: true }), "?")).toBe(true);
  });

  it("find letters that Alt turns into signs", () => {
    expect(isStroke(stroke("Ω", { altKey: true, code: "KeyN" }), "Alt+N")).toBe(true);
    expect(isStroke(stroke("¡", { altKey: true, code: "Digit1" }), "Alt+1")).toBe(true);
  });
});
