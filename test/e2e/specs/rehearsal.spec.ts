import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openDesktop, openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

const HOURLY = `id: hourly
name: Hourly
triggers:
  - {type: schedule, cron: "0 * * * *", timezone: Europe/Berlin}
  - {type: schedule, cron: "30 2 * * *", timezone: UTC}
components:
  - id: fetch
    type: map
    config: {records: [{n: 1}]}
    retry_policy: {max_attempts: 2, initial_delay_ms: 600000, max_delay_ms: 600000, jitter: false}
`;
const FAULTS = `asleep: [{after: 5h30m, for: 2h}]
faults:
  - {component: fetch, during: {after: 2h, for: 45m}, status: 503}
  - {component: fetsh, status: 503}
`;
const FOR_EVER = `id: for_ever
name: For Ever
triggers: [{type: schedule, cron: "* * * * * *", timezone: UTC}]
components: [{id: nap, type: wait, config: {duration: 1s}}]
`;

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

async function opened(page: Page, name: string): Promise<void> {
  const library = new LibraryPage(page);
  await library.row(name).click();
  await page.keyboard.press("Enter");
  await page.locator(".svelte-flow__node").first().waitFor();
}

/** Opens the workflow and its run dialog, with its schedules. */
async function asScheduled(page: Page, name: string): Promise<Locator> {
  await opened(page, name);
  await page.keyboard.press("Control+Shift+Enter");
  const dialog = page.getByRole("dialog", { name: "Run with" });
  await dialog.getByRole("checkbox", { name: "As scheduled" }).click();
  return dialog;
}

async function expectNoViolations(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
}

describe.each([
  ["web", openWeb],
  ["desktop", openDesktop],
] as const)("a day's schedules in the studio, %s", (_kind, open) => {
  it("are fired in virtual time, listed as they come, and looked into one by one", async () => {
    studio = await open({ workspace: workspaceWith({ hourly: HOURLY }) });
    const { page } = studio;
    const dialog = await asScheduled(page, "Hourly");
    await dialog.getByLabel("Span").fill("a day");
    await dialog.getByRole("alert").getByText("No span of time", { exact: false }).waitFor();
    // What cannot be read is where the run stops short.
    await dialog.getByLabel("From").fill("2026-03-28T00:00Z");
    await page.keyboard.press("Control+Enter");
    await dialog.locator("input:focus[aria-invalid=true]").waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("24h");
    await dialog.getByRole("status").getByText("25 firings.").waitFor();
    const fires = dialog.getByRole("region", { name: "What fires" });
    await fires.getByText("24 firings, Sat 28 Mar 01:00 to Sun 29 Mar 00:00").waitFor();
    await fires.getByText("Once, Sat 28 Mar 02:30").waitFor();
    await dialog.getByRole("textbox", { name: "Faults" }).fill(FAULTS);
    await dialog.getByLabel("Seed").fill("7");
    await expectNoViolations(page);
    await page.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "detached" });

    const panel = page.getByRole("tabpanel", { name: "Rehearsal" });
    await panel.getByRole("status").getByText("25 firings", { exact: true }).waitFor();
    await page.getByText(/^The fault for fetsh fitted no attempt/).waitFor();
    const row = (text: RegExp) => panel.locator("[data-row]").filter({ hasText: text });
    await row(/Sat 28 Mar 03:00 GMT\+1 *failed *10 min 0 s/).waitFor();
    await panel.getByRole("radio", { name: "missed 2" }).click();
    await row(/Sat 28 Mar 07:00 GMT\+1 *missed.*And Sat 28 Mar 08:00\. The machine slept/).waitFor();
    expect(await panel.locator("[data-row]").count()).toBe(1);
    await panel.getByRole("radio", { name: /^failed/ }).click();
    await expectNoViolations(page);

    await row(/03:00/).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/execution\//);
    await page.locator(".debug").getByRole("img", { name: "in the resilience lab" }).waitFor();
    await page.locator(".debug").getByText("server_error").first().waitFor();
    // Back at the workflow the list stands as it was left.
    await page.goBack();
    await panel.getByRole("radio", { name: /^failed/, checked: true }).waitFor();
    await row(/03:00/).and(page.locator("[aria-selected=true]")).waitFor();
  });

  it("say where more starts were missed than are looked at", async () => {
    studio = await open({ workspace: workspaceWith({ for_ever: FOR_EVER }) });
    const { page } = studio;
    const dialog = await asScheduled(page, "For Ever");
    await dialog.getByLabel("Span").fill("30m");
    await dialog.getByRole("textbox", { name: "Faults" }).fill("asleep: [{after: 1s, for: 1h}]");
    await dialog.getByRole("button", { name: "Run", exact: true }).click();
    const panel = page.getByRole("tabpanel", { name: "Rehearsal" });
    await panel
      .getByRole("status")
      .getByText(/firings, and missed ones older than the newest 1,000$/)
      .waitFor();
    await panel.getByText(/And 999 more until .*More than 1,000 were missed: older ones are left out\./).waitFor();
  });

  it("go on without their window, and end when they are told to", async () => {
    studio = await open({ workspace: workspaceWith({ for_ever: FOR_EVER }) });
    const { page } = studio;
    const dialog = await asScheduled(page, "For Ever");
    await dialog.getByRole("status").getByText("More than 10,000 firings; it ends after so many.").waitFor();
    await dialog.getByRole("button", { name: "Run", exact: true }).click();
    const panel = page.getByRole("tabpanel", { name: "Rehearsal" });
    await panel.getByRole("progressbar").waitFor();
    await page.reload();
    await page.getByRole("tab", { name: /^Rehearsal/ }).click();
    await panel.locator("[data-row]").first().waitFor();
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel
      .getByRole("status")
      .getByText(/^Stopped after/)
      .waitFor();
    expect(await panel.getByRole("button", { name: "Stop" }).count()).toBe(0);
  });
});
