import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openWeb, type Studio } from "../launch";
import { DebuggerPage } from "../pages/debugger-page";
import { EditorPage } from "../pages/editor-page";
import { LibraryPage } from "../pages/library-page";
import { THREE_STEPS } from "../pages/texts";
import { WorkspacePage } from "../pages/workspace-page";
import { SlowHost } from "../slow-host";

let studio: Studio | undefined;
afterEach(async () => {
  expect(studio?.errors ?? []).toEqual([]);
  await studio?.close();
  studio = undefined;
});

async function slowly(workflows?: { readonly [name: string]: string }): Promise<{ page: Page; host: SlowHost }> {
  studio = await openWeb(workflows === undefined ? {} : { workspace: workspaceWith(workflows) });
  const host = await SlowHost.on(studio.page);
  await studio.page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();
  return { page: studio.page, host };
}

const tabs = (page: Page) => page.getByRole("navigation", { name: "Open workflows and executions" });
const nameOf = (on: WorkspacePage) => on.detail.getByRole("textbox", { name: "Name", exact: true });
const count = (host: SlowHost, path: string) => host.calls.filter((call) => call === path).length;

describe("while the host takes its time", () => {
  it("what is asked for twice is done once", async () => {
    const { page, host } = await slowly({ steps: THREE_STEPS });
    const library = new LibraryPage(page);
    host.hold(/^\/workflows\/(create|copyExample)$|^\/executions\/start$/);
    await page.getByRole("button", { name: "New workflow" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New workflow" });
    await dialog.getByLabel("Name").fill("Only Once");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(() => host.waiting).toBe(1);
    // Closed meanwhile and opened again: what was made opens beside, and the dialog is another's.
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "New workflow" }).first().click();
    await dialog.getByLabel("Name").fill("Another");
    host.letGo();
    await tabs(page).getByText("Only Once", { exact: true }).waitFor();
    expect(await dialog.getByLabel("Name").inputValue()).toBe("Another");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect((await library.names()).filter((name) => name === "Only Once")).toHaveLength(1);

    await library.row("Three Steps").click();
    host.hold(/^\/executions\/start$/);
    const run = page.getByRole("complementary", { name: "Details" }).getByRole("button", { name: "Run", exact: true });
    await run.dblclick();
    await expect.poll(() => host.waiting).toBe(1);
    host.letGo();
    await page.waitForURL(/#\/execution\//);
    expect(count(host, "/executions/start")).toBe(1);
  });

  it("who went elsewhere stays there: what was asked for opens beside", async () => {
    const { page, host } = await slowly({ steps: THREE_STEPS });
    await new LibraryPage(page).row("Three Steps").click();
    host.hold(/^\/executions\/start$/);
    await page
      .getByRole("complementary", { name: "Details" })
      .getByRole("button", { name: "Run", exact: true })
      .click();
    await expect.poll(() => host.waiting).toBe(1);
    await page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings", exact: true }).waitFor();
    host.letGo();
    // Its tab has the execution's own name, though its screen was never shown.
    await tabs(page).getByText("#1 Three Steps", { exact: true }).waitFor();
    expect(await page.evaluate(() => location.hash)).toBe("#/settings");
  });

  it("a breakpoint set before the others are known leaves them standing", async () => {
    const { page, host } = await slowly({ steps: THREE_STEPS });
    const editor = new EditorPage(page);
    const set = page.locator(".breakpoint-spot.set");
    await new LibraryPage(page).row("Three Steps").click();
    await page.keyboard.press("Enter");
    await editor.card("first").click();
    await page.keyboard.press("F9");
    await expect.poll(() => count(host, "/debug/setBreakpoints")).toBe(1);
    await expect.poll(() => set.count()).toBe(1);

    host.hold(/^\/debug\/breakpoints$/);
    await page.reload();
    await editor.card("third").click();
    await page.keyboard.press("F9");
    await expect.poll(() => set.count()).toBe(1);
    expect(count(host, "/debug/setBreakpoints")).toBe(1);
    host.letGo();
    await expect.poll(() => set.count()).toBe(2);
    await expect.poll(() => count(host, "/debug/setBreakpoints")).toBe(2);
    await page.reload();
    await expect.poll(() => set.count()).toBe(2);
  });

  it("a value is never shown as another's", async () => {
    const { page, host } = await slowly({ steps: THREE_STEPS });
    await new LibraryPage(page).row("Three Steps").click();
    await page
      .getByRole("complementary", { name: "Details" })
      .getByRole("button", { name: "Run", exact: true })
      .click();
    const on = new DebuggerPage(page);
    await on.ended("only the EU is served");
    await on.card("first").click();
    await on.showTab("Output");
    await on.showAs("Raw");
    await on.values.getByText('"region": "US"').waitFor();
    host.hold(/^\/executions\/raw$/);
    await on.card("second").click();
    await on.showTab("Input");
    await on.values.getByText('"region": "US"').waitFor({ state: "hidden" });
    expect(await on.values.getByRole("button", { name: "Copy" }).isDisabled()).toBe(true);
    host.letGo();
    await on.values.getByText('"region": "US"').waitFor();
    // What was chosen is shown, with nothing behind it too.
    await on.showTab("Output");
    await on.values.getByText("There is no output at this moment.").waitFor();
  });

  it("settings written one after the other are all kept", async () => {
    const { page, host } = await slowly();
    await page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Settings" }).click();
    const proxy = page.getByRole("textbox", { name: "Proxy", exact: true });
    const authority = page.locator("textarea").first();
    await proxy.waitFor();
    host.hold(/^\/host\/set$/);
    await proxy.fill("http://proxy.example.com:3128");
    await page.getByRole("button", { name: "Add host" }).last().click();
    await page.keyboard.type("api.example.com");
    await page.keyboard.press("Enter");
    await expect.poll(() => host.waiting).toBe(2);
    await authority.fill("-----BEGIN");
    host.letGo();
    await page.reload();
    await expect.poll(() => proxy.inputValue()).toBe("http://proxy.example.com:3128");
    await expect
      .poll(() => page.locator(".pair input").evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)))
      .toContain("api.example.com");
  });

  it("a connection that is saved late does not take the place of the one written by then", async () => {
    const { page, host } = await slowly({ steps: THREE_STEPS });
    const on = new WorkspacePage(page);
    await on.show("Connections");
    const make = async (name: string): Promise<void> => {
      await on.toolbar.getByRole("button", { name: "New connection" }).click();
      await nameOf(on).fill(name);
    };
    await make("first");
    await on.detail.getByRole("button", { name: "Save", exact: true }).click();
    await on.row("first").waitFor();
    await make("second");
    host.hold(/^\/connections\/set$/);
    await on.detail.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => host.waiting).toBe(1);
    await on.row("first").click();
    await on.detail.getByRole("heading", { name: "first" }).waitFor();
    await nameOf(on).fill("renamed");
    host.letGo();
    await on.row("second").waitFor();
    expect(await nameOf(on).inputValue()).toBe("renamed");
  });
});

it("an address that nobody wrote shows the library", async () => {
  const { page } = await slowly();
  await page.evaluate(() => (location.hash = "#/workflow/%E0%A4%A"));
  await page.getByRole("heading", { name: "Examples" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Examples" }).waitFor();
});

it("what was opened while the host was away is there once it is back", async () => {
  const { page, host } = await slowly({ steps: THREE_STEPS });
  await new LibraryPage(page).row("Three Steps").click();
  host.hold(/^\/workflows\/open$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/workflow\/three_steps/);
  host.cut();
  await new EditorPage(page).card("first").waitFor();
});
