import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type Studio } from "../launch";
import { ExecutionsPage } from "../pages/executions-page";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

/** A studio in which an example has run `times` times. */
async function afterRuns(times: number): Promise<ExecutionsPage> {
  studio = await openWeb();
  const library = new LibraryPage(studio.page);
  await library.openCopyOf("Hello Parallel");
  await library.show();
  await library.row("Hello Parallel").click();
  const on = new ExecutionsPage(studio.page);
  for (let run = 0; run < times; run++) {
    await library.page.keyboard.press("Control+Enter");
    await library.page.waitForURL(/#\/execution\//);
    await library.show();
    await library.row("Hello Parallel").click();
  }
  await on.show();
  await expect.poll(() => on.rows.count()).toBe(times);
  return on;
}

describe("the list of executions", () => {
  it("shows how each went and opens it again", async () => {
    const on = await afterRuns(1);
    await on.row(1).getByRole("img", { name: "completed" }).waitFor();
    await on.row(1).click();
    await on.page.keyboard.press("Enter");
    await on.page.waitForURL(/#\/execution\//);
  });

  it("runs again with the same input, and filters by status", async () => {
    const on = await afterRuns(1);
    await on.row(1).click();
    await on.page.keyboard.press("Control+Enter");
    await on.page.waitForURL(/#\/execution\//);
    await on.show();
    await expect.poll(() => on.rows.count()).toBe(2);
    await on.filterBy("Failed");
    await on.page.getByRole("heading", { name: "No execution matches" }).waitFor();
    await on.page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => on.rows.count()).toBe(2);
  });

  it("deletes several at once and brings them back", async () => {
    const on = await afterRuns(3);
    await on.row(3).getByRole("img", { name: "completed" }).waitFor();
    await on.row(3).click();
    await on.page.keyboard.press("Shift+ArrowDown");
    await on.page.keyboard.press("Delete");
    await expect.poll(() => on.rows.count()).toBe(1);
    // The rows that had the focus are gone; the next one has it.
    await on.grid.locator("[data-row]:focus").waitFor();
    await on.page.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => on.rows.count()).toBe(3);
  });

  it("has nothing that a reader or a keyboard cannot use", async () => {
    const on = await afterRuns(2);
    await on.row(2).click();
    await on.page.emulateMedia({ reducedMotion: "reduce" });
    for (const theme of ["light", "dark", "contrast"]) {
      await on.page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
      const found = await new AxeBuilder({ page: on.page }).analyze();
      expect(found.violations.map((one) => `${theme} ${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    }
    expect(studio?.errors).toEqual([]);
  });

  it("shows called executions beneath their caller, and the way back from them", async () => {
    studio = await openWeb();
    const { page } = studio;
    const library = new LibraryPage(page);
    await library.openCopyOf("Orders in a Loop");
    await library.show();
    await library.row("Orders in a Loop").click();
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/#\/execution\//);
    const on = new ExecutionsPage(page);
    await on.show();
    await on.row(1).getByRole("img", { name: "completed" }).waitFor();
    await on.row(1).click();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => on.rows.count()).toBeGreaterThan(1);
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/execution\//);
    await page.getByRole("button", { name: /^Back to #1 Orders in a Loop/ }).click();
    await page.getByRole("button", { name: "Open the execution it called" }).first().waitFor();
  });
});
