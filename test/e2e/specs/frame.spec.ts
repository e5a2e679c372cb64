import { AxeBuilder } from "@axe-core/playwright";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { launchBrowser, openWeb, startWebHost, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

async function open(width = 1440, height = 900): Promise<LibraryPage> {
  studio = await openWeb({ width, height });
  await studio.page.getByRole("heading", { name: "Examples" }).waitFor();
  return new LibraryPage(studio.page);
}

describe("the frame", () => {
  it("finds commands and workflows in the palette", async () => {
    const on = await open();
    await on.create("Palette Target");
    await on.show();
    await on.page.keyboard.press("Control+k");
    await on.page.getByRole("dialog", { name: "Go to or run" }).waitFor();
    await on.page.keyboard.type("palette tar");
    await on.page.getByRole("option", { name: /^Palette Target/ }).waitFor();
    await on.page.keyboard.press("Enter");
    await on.page.waitForURL(/#\/workflow\/palette_target/);
    await on.page.keyboard.press("Control+k");
    await on.page.keyboard.type("high-contrast");
    await on.page.keyboard.press("Enter");
    await on.page.locator("html[data-theme=contrast]").waitFor();
  });

  it("says all of a text that is cut off where it is pointed at, and nothing twice", async () => {
    const on = await open(1024, 700);
    const long = "A workflow whose name has no room in a tab";
    await on.create("Short");
    await on.show();
    await on.create(long);
    const tab = (name: string) =>
      on.page.getByRole("navigation", { name: "Open workflows and executions" }).getByText(name, { exact: true });
    await tab(long).hover();
    expect(await tab(long).getAttribute("title")).toBe(long);
    await tab("Short").hover();
    expect(await tab("Short").getAttribute("title")).toBeNull();
  });

  it("names the tab of a workflow that was left before its editor could", async () => {
    const on = await open();
    await on.create("Left At Once");
    await on.page.waitForURL(/#\/workflow\/left_at_once/);
    await on.show();
    const tabs = on.page.getByRole("navigation", { name: "Open workflows and executions" });
    await tabs.getByRole("button", { name: "Close Left At Once" }).click();
    await tabs.getByText("Left At Once").waitFor({ state: "detached" });
    await on.page.evaluate(async () => {
      location.hash = "#/workflow/left_at_once";
      await new Promise((there) => window.addEventListener("hashchange", there, { once: true }));
      location.hash = "#/library";
    });
    await tabs.getByText("Left At Once", { exact: true }).waitFor();
    expect(await on.page.evaluate(() => location.hash)).toBe("#/library");
  });

  it("goes round the panes with F6, and back with Shift F6", async () => {
    const on = await open();
    await on.create("Round");
    await on.show();
    await on.row("Round").click();
    const pane = (): Promise<string | undefined> =>
      on.page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-pane]")?.dataset["pane"]);
    const from = await pane();
    const seen = new Set<string | undefined>([from]);
    for (let step = 0; step < 12; step++) {
      await on.page.keyboard.press("F6");
      seen.add(await pane());
    }
    expect(seen.size).toBeGreaterThanOrEqual(5);
    await on.page.keyboard.press("F6");
    const there = await pane();
    await on.page.keyboard.press("Shift+F6");
    await on.page.keyboard.press("F6");
    expect(await pane()).toBe(there);
  });

  it("keeps what is open over a reload, and closes tabs by key", async () => {
    const on = await open();
    await on.create("Kept Open");
    await on.page.waitForURL(/#\/workflow\/kept_open/);
    await on.page.reload();
    const tab = on.page
      .getByRole("navigation", { name: "Open workflows and executions" })
      .getByRole("button", { name: "Kept Open", exact: true });
    await tab.waitFor();
    await on.page.keyboard.press("Alt+w");
    await tab.waitFor({ state: "detached" });
  });

  it("keeps settings, and says what is wrong with one", async () => {
    const on = await open();
    await on.page.keyboard.press("Control+,");
    await on.page.getByRole("radio", { name: "Light" }).click();
    await on.page.getByRole("checkbox", { name: "Trust this workspace" }).click();
    await on.page.getByRole("button", { name: "Trusted", exact: true }).waitFor();
    await on.page.getByRole("button", { name: "Add value" }).click();
    await on.page.keyboard.type("1_BAD");
    await on.page.getByText("Letters, digits and _ only").waitFor();
    await on.page.keyboard.press("Control+a");
    await on.page.keyboard.type("REGION");
    await on.page.keyboard.press("Tab");
    await on.page.keyboard.type("EU");
    await on.page.keyboard.press("Enter");
    const found = await new AxeBuilder({ page: on.page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    await expect
      .poll(async () => {
        await on.page.reload();
        await on.page.getByRole("radio", { name: "Light", checked: true }).waitFor();
        return on.page.getByRole("textbox", { name: "Value of REGION" }).inputValue();
      })
      .toBe("EU");
  });

  it("says so when the host is gone", async () => {
    const workspace = mkdtempSync(join(tmpdir(), "apg-lost-"));
    const host = await startWebHost(workspace);
    const browser = await launchBrowser();
    const page = await browser.newPage();
    await page.goto(host.address);
    await page.getByRole("heading", { name: "Examples" }).waitFor();
    await host.close();
    await page.getByText("The studio's host does not answer").waitFor();
    await browser.close();
    rmSync(workspace, { recursive: true, force: true });
  });

  it("lets nothing overlap at 1024x700", async () => {
    const on = await open(1024, 700);
    await on.create("Narrow");
    await on.show();
    await on.row("Narrow").click();
    for (const place of ["Workflows", "Executions", "Settings"]) {
      await on.page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: place }).click();
      await on.page.getByRole("heading", { name: place, exact: true }).waitFor();
      const wide = await on.page.evaluate(
        () =>
          document.documentElement.scrollWidth > innerWidth ||
          [...document.querySelectorAll(".toolbar")].some((bar) => bar.scrollWidth > bar.clientWidth),
      );
      expect(wide).toBe(false);
    }
  });
});
