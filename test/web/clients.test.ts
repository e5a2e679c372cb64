import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDefinedError } from "@orpc/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import type { Served } from "./fixture";
import { closedClean, serveTwo } from "./two";

let served: Served;
let one: Client;
let two: Client;
beforeAll(async () => {
  ({ served, one, two } = await serveTwo());
});
afterAll(() => closedClean(served));

const text = (id: string, note = "") =>
  `# kept\nid: ${id}\nname: Orders\ncomponents:\n  - id: say\n    type: log\n    config: {message: hello}\n${note}`;

async function faultOf(call: Promise<unknown>): Promise<{ readonly code: string; readonly what: string } | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!isDefinedError(error as Error)) throw error;
    const { code, data } = error as unknown as { code: string; data: { what: string } };
    return { code, what: data.what };
  }
}

describe("two windows on one workflow", () => {
  it("the later save is told stale, and nothing is lost", async () => {
    const { id } = await one.workflows.create({ text: text("orders") });
    const mine = await one.workflows.open({ id });
    const theirs = await two.workflows.open({ id });
    expect((await one.workflows.save({ id, text: text("orders", "# one\n"), revision: mine.revision })).kind).toBe(
      "saved",
    );
    const later = await two.workflows.save({ id, text: text("orders", "# two\n"), revision: theirs.revision });
    expect(later).toEqual({ kind: "stale", yours: 1, stored: 2, storedText: text("orders", "# one\n") });
    expect((await two.workflows.save({ id, text: text("orders", "# two\n"), revision: 2 })).kind).toBe("saved");
    expect((await one.workflows.revisions({ id })).map((row) => row.revision)).toEqual([3, 2, 1]);
  });

  it("a draft survives its window, and a save drops it", async () => {
    const { id } = await one.workflows.create({ text: text("drafted") });
    const third = await served.connect();
    await third.client.workflows.saveDraft({ id, text: "id: drafted # half", revision: 1 });
    third.socket.close();
    expect((await two.workflows.open({ id })).draft).toMatchObject({ text: "id: drafted # half", baseRevision: 1 });
    await two.workflows.save({ id, text: text("drafted", "# whole\n"), revision: 1 });
    expect((await one.workflows.open({ id })).draft).toBeUndefined();
  });

  it("a change in one is heard in the other", async () => {
    const { id } = await one.workflows.create({ text: text("heard") });
    const changes = await two.workflows.changes();
    const next = changes.next();
    await one.workflows.favourite({ id, on: true });
    expect((await next).value).toBe(1);
    await changes.return?.();
    expect((await two.workflows.list()).find((row) => row.id === id)?.favourite).toBe(true);
  });
});

describe("the library", () => {
  it("gives a number to an id that is taken, in the text too", async () => {
    await one.workflows.create({ text: text("twice") });
    const { id } = await one.workflows.create({ text: text("twice") });
    expect(id).toBe("twice_2");
    expect((await one.workflows.open({ id })).text).toBe(text("twice_2"));
  });

  it("keeps text that cannot be read", async () => {
    const { id } = await one.workflows.create({ text: "id: broken\ncomponents: [" });
    expect(id).toBe("broken");
    expect((await one.workflows.open({ id })).text).toBe("id: broken\ncomponents: [");
    expect((await one.workflows.list()).find((row) => row.id === id)?.findings.errors).toBeGreaterThan(0);
    expect(await faultOf(one.executions.start({ workflowId: id, input: null }))).toMatchObject({ code: "INVALID" });
  });

  it("keeps what is no workflow, says what it is, and does not run it", async () => {
    const { id } = await one.workflows.create({ text: "customer: Njeri\nsku: KB-101\n" });
    const what = expect.stringMatching(/^This is no workflow but other data \(.*customer, sku\)/) as string;
    expect(await faultOf(one.executions.start({ workflowId: id, input: null }))).toMatchObject({ what });
    const rehearsed = one.rehearsals.start({ workflowId: id, spanMs: 1_000 });
    expect(await faultOf(rehearsed)).toMatchObject({ what });
  });

  it("renames a workflow and its id, and keeps comments", async () => {
    const { id } = await one.workflows.create({ text: text("before") });
    expect(await one.workflows.rename({ id, name: "After: all", newId: "after" })).toEqual({ id: "after" });
    expect((await one.workflows.open({ id: "after" })).text).toBe(
      text("after").replace("name: Orders", 'name: "After: all"'),
    );
    expect(await faultOf(one.workflows.open({ id }))).toMatchObject({ code: "NOT_FOUND" });
    expect(await faultOf(one.workflows.rename({ id: "after", name: "x", newId: "Not An Id" }))).toMatchObject({
      code: "INVALID",
    });
  });

  it("brings a deleted workflow back", async () => {
    const { id } = await one.workflows.create({ text: text("gone") });
    await one.workflows.delete({ id });
    expect((await one.workflows.list()).some((row) => row.id === id)).toBe(false);
    await one.workflows.restore({ id });
    expect((await one.workflows.open({ id })).text).toBe(text("gone"));
  });
});

describe("a file edited in place", () => {
  const folder = () => {
    const made = join(served.folder, "repo");
    mkdirSync(made, { recursive: true });
    return made;
  };

  it("is saved to the file, byte for byte", async () => {
    const path = join(folder(), "a.workflow.yaml");
    writeFileSync(path, `\uFEFF${text("a_file").replaceAll("\n", "\r\n")}`);
    const { id } = await one.workflows.openFile({ path });
    const opened = await one.workflows.open({ id });
    const edited = `${opened.text}# more\r\n`;
    expect((await one.workflows.save({ id, text: edited, revision: opened.revision })).kind).toBe("saved");
    expect(readFileSync(path, "utf8")).toBe(edited);
    expect(await two.workflows.openFile({ path })).toEqual({ id });
  });

  it("tells of a change outside; a save that does not know of it is stale", async () => {
    const path = join(folder(), "b.workflow.yaml");
    writeFileSync(path, text("b_file"));
    const { id } = await one.workflows.openFile({ path });
    const mine = await one.workflows.open({ id });
    const changes = await one.workflows.fileChanges({ id });
    const next = changes.next();
    writeFileSync(path, text("b_file", "# git\n"));
    expect((await next).value).toHaveProperty("at");
    await changes.return?.();
    const saved = await one.workflows.save({ id, text: text("b_file", "# mine\n"), revision: mine.revision });
    expect(saved).toMatchObject({ kind: "stale", storedText: text("b_file", "# git\n") });
    expect(readFileSync(path, "utf8")).toBe(text("b_file", "# git\n"));
  });

  it("says what is wrong with a path", async () => {
    expect(await faultOf(one.workflows.openFile({ path: join(folder(), "none.yaml") }))).toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await faultOf(one.workflows.openFile({ path: folder() }))).toMatchObject({ code: "INVALID" });
    writeFileSync(join(folder(), "binary.yaml"), Buffer.from([0, 1, 2]));
    expect(await faultOf(one.workflows.openFile({ path: join(folder(), "binary.yaml") }))).toMatchObject({
      code: "INVALID",
    });
    writeFileSync(join(folder(), "latin.yaml"), Buffer.from([0x69, 0xe9, 0x0a]));
    expect(await faultOf(one.workflows.openFile({ path: join(folder(), "latin.yaml") }))).toMatchObject({
      code: "INVALID",
    });
  });
});

describe("settings", () => {
  it("are kept, the theme with the user", async () => {
    await one.host.set({ theme: "light", env: { STAGE: "test" }, layout: { pane: 200 } });
    expect(await two.host.settings()).toMatchObject({
      theme: "light",
      env: { STAGE: "test" },
      layout: { pane: 200 },
      trusted: false,
    });
    expect(readFileSync(join(served.folder, "user/apg-workflow-studio/settings.json"), "utf8")).toContain("light");
  });
  it("are refused when they have no sense", async () => {
    expect(await faultOf(one.host.set({ theme: "pink" } as never))).toMatchObject({ code: "INVALID" });
    expect(await faultOf(one.host.set({ unknown: 1 } as never))).toMatchObject({ code: "INVALID" });
    expect(await faultOf(one.host.set({ hosts: { "a.example": "file:///etc" } }))).toMatchObject({ code: "INVALID" });
  });
});
