import { describe, expect, it } from "vitest";
import { Commands } from "../../src-renderer/state/commands.svelte";

describe("the table of commands", () => {
  it("runs what was registered last under an id, and the earlier one again after that room is left", () => {
    const commands = new Commands();
    const ran: string[] = [];
    commands.register([
      { id: "workflow.run", title: "Run", group: "Run", keys: ["F5"], run: () => void ran.push("first") },
    ]);
    const leave = commands.register([
      { id: "workflow.run", title: "Run here", group: "Run", keys: ["F6"], run: () => void ran.push("second") },
    ]);
    expect(commands.keysOf("workflow.run")).toBe("F6");
    commands.run("workflow.run");
    leave();
    commands.run("workflow.run");
    expect(ran).toEqual(["second", "first"]);
  });

  it("does not run what cannot run now", () => {
    const commands = new Commands();
    let able = false;
    commands.register([{ id: "edit.undo", title: "Undo", group: "Edit", when: () => able, run: () => undefined }]);
    expect(commands.run("edit.undo")).toBe(false);
    able = true;
    expect(commands.run("edit.undo")).toBe(true);
    expect(commands.run("nothing")).toBe(false);
  });
});
