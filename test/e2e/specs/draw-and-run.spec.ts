import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type Studio } from "../launch";
import { DebuggerPage } from "../pages/debugger-page";
import { EditorPage } from "../pages/editor-page";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

describe("a workflow drawn from nothing", () => {
  it("runs at once, and its execution can be looked into", async () => {
    studio = await openWeb();
    const { page } = studio;
    page.setDefaultTimeout(15_000);
    await new LibraryPage(page).create("Drawn", "Drawn by hand");
    const on = new EditorPage(page);
    await on.add("Code");
    await on.add("Log");
    await on
      .card("code")
      .locator(".svelte-flow__handle-bottom.source")
      .dragTo(on.card("log"), { targetPosition: { x: 94, y: 2 } });
    // The order of the list has become a connection that is written down.
    await expect.poll(() => page.locator(".text-pane .view-lines").innerText()).toContain("connections:");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => on.says("log")).toMatch(/\d m?s$/);
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByRole("button", { name: /#1/ }).click();
    const execution = new DebuggerPage(page);
    await execution.ended("completed");
    await execution.card("code").click();
    await execution.line("output").waitFor();
    expect(studio.errors).toEqual([]);
  });
});
