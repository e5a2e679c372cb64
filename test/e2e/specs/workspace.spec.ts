import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";
import { WorkspacePage } from "../pages/workspace-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

async function open(workflows: { readonly [name: string]: string } = {}): Promise<WorkspacePage> {
  const workspace = Object.keys(workflows).length === 0 ? undefined : workspaceWith(workflows);
  studio = await openWeb(workspace === undefined ? {} : { workspace });
  return new WorkspacePage(studio.page);
}

async function expectNoViolations(on: WorkspacePage): Promise<void> {
  const found = await new AxeBuilder({ page: on.page }).analyze();
  expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
}

async function runOf(on: WorkspacePage, name: string): Promise<void> {
  const library = new LibraryPage(on.page);
  await library.show();
  await library.row(name).click();
  await on.page.keyboard.press("Enter");
  await on.page.waitForURL(/#\/workflow\//);
  await on.page.locator(".svelte-flow__node").first().waitFor();
  await on.page.keyboard.press("Control+Enter");
}

const VALUE = "q7-planted-on-a-screen";
const BROKEN = `id: broken_link
name: Broken Link
components:
  - id: call
    type: http_request
    config: {url: "http://127.0.0.1:9/", timeout: 2}
    circuit_breaker: {failure_threshold: 1, minimum_request_threshold: 1, recovery_timeout: 600}
`;
const CACHED = `id: kept_answer
name: Kept Answer
components:
  - {id: fetch, type: http_request, config: {url: "http://sample.apg.test/orders", cache_result: true, cache_key: orders_of_today}}
`;
const LISTENER = `id: listener
name: Listener
triggers:
  - {type: apg_event, event_pattern: "order.*"}
components:
  - {id: note, type: log, config: {message: heard}}
`;

describe("the workspace", () => {
  it("keeps secrets, gives them other values, deletes them and brings them back, and shows none", async () => {
    const on = await open();
    await on.show("Secrets");
    await on.page.getByRole("heading", { name: "There are no secrets yet" }).waitFor();
    await on.addSecret("CRM_TOKEN", VALUE);
    await on.detail.getByText("{{ secrets.CRM_TOKEN }}").waitFor();
    await on.detail.getByLabel("New value of CRM_TOKEN").fill(`${VALUE}-2`);
    await on.page.keyboard.press("Enter");
    await on.page.getByText("CRM_TOKEN has another value.").waitFor();
    await on.row("CRM_TOKEN").click();
    await on.page.keyboard.press("Delete");
    await on.page.getByRole("heading", { name: "There are no secrets yet" }).waitFor();
    await on.undo();
    await on.row("CRM_TOKEN").waitFor();
    await expectNoViolations(on);
    expect(await on.page.content()).not.toContain(VALUE);
  });

  it("takes secrets from a .env text and says which lines are none", async () => {
    const on = await open();
    await on.show("Secrets");
    await on.toolbar.getByRole("button", { name: "Import .env" }).click();
    const dialog = on.page.getByRole("dialog", { name: "Import .env" });
    await dialog
      .getByRole("textbox", { name: "Lines" })
      .fill(`# mail\nSMTP_PASSWORD=${VALUE}\nexport DB_PASSWORD='x y'\nnonsense\n`);
    await dialog.getByRole("button", { name: "Import 2 secrets" }).click();
    await on.row("SMTP_PASSWORD").waitFor();
    await on.row("DB_PASSWORD").waitFor();
    await on.page.getByText(/Line 4 is no NAME=value/).waitFor();
  });

  it("makes a connection, with a secret stored from its form, and tests it in an environment of its own", async () => {
    const on = await open();
    await on.show("Connections");
    await on.toolbar.getByRole("button", { name: "New connection" }).click();
    await on.detail.getByRole("textbox", { name: "Name", exact: true }).fill("crm");
    await on.choose(on.detail, "Kind", "HTTP API");
    await on.detail.getByLabel("Base URL").fill("http://sample.apg.test");
    await on.detail.getByRole("button", { name: "Set up sign-in" }).click();
    await on.choose(on.detail, "Type", "Bearer");
    await on.choose(on.detail, "Token", "New secret…");
    await on.detail.getByLabel("Its value").fill(VALUE);
    await on.page.keyboard.press("Enter");
    await on.detail.getByText("crm_token", { exact: false }).first().waitFor();
    await on.page.keyboard.press("Control+Enter");
    await on.row("crm").waitFor();
    await on.detail.getByRole("tab", { name: "prod" }).click();
    await on.detail.getByRole("button", { name: "Give prod settings of its own" }).click();
    await on.detail.getByLabel("Base URL").fill("http://127.0.0.1:9");
    await on.detail.getByRole("button", { name: "Save and test" }).click();
    await on.detail.getByRole("img", { name: "does not work" }).waitFor();
    await on.detail.getByRole("tab", { name: "All others" }).click();
    expect(await on.detail.getByLabel("Base URL").inputValue()).toBe("http://sample.apg.test");
    await expectNoViolations(on);
    expect(await on.page.content()).not.toContain(VALUE);
    await on.show("Secrets");
    await on
      .row(/CRM_TOKEN/)
      .getByText("crm", { exact: true })
      .waitFor();
  });

  it("gives the focus back where a new connection is given up, and keeps what was written while a row is looked at", async () => {
    const on = await open();
    await on.show("Connections");
    const name = on.detail.getByRole("textbox", { name: "Name", exact: true });
    const make = on.toolbar.getByRole("button", { name: "New connection" });
    await make.click();
    await on.page.locator("[data-pane=workspace-detail] input:focus").waitFor();
    await on.page.keyboard.type("first");
    await on.detail.getByRole("button", { name: "Save", exact: true }).click();
    await on.row("first").waitFor();
    await make.click();
    await name.fill("second");
    await on.row("first").click();
    await on.detail.getByRole("heading", { name: "first" }).waitFor();
    await make.click();
    expect(await name.inputValue()).toBe("second");
    await on.detail.getByRole("button", { name: "Cancel" }).click();
    await on.page.locator("[data-pane=workspace-rows] [data-row]:focus").waitFor();
    await make.click();
    expect(await name.inputValue()).toBe("");
  });

  it("holds values for each environment, of which one is active", async () => {
    const on = await open();
    await on.show("Environments");
    await on.row("prod").click();
    await on.detail.getByRole("button", { name: "Add value" }).click();
    await on.detail.getByRole("textbox", { name: "Name", exact: true }).fill("REGION");
    await on.detail.getByRole("textbox", { name: /^Value/ }).fill("eu-west");
    await on.page.keyboard.press("Enter");
    await on.row("prod").getByText("REGION").waitFor();
    await on.detail.getByRole("button", { name: "Make active" }).click();
    await on.row("prod").getByText("active", { exact: true }).waitFor();
    await expectNoViolations(on);
  });

  it("turns a trigger on, and an event posted starts its workflow", async () => {
    const on = await open({ listener: LISTENER });
    await on.show("Triggers");
    await on.row("Listener").getByRole("checkbox").click();
    await on.page.getByText("The trigger of Listener is on while a host runs.").waitFor();
    await on.toolbar.getByRole("button", { name: "Post event" }).click();
    const dialog = on.page.getByRole("dialog", { name: "Post an event" });
    await dialog.getByLabel("Type").fill("order.created");
    await on.page.keyboard.press("Enter");
    await on.page.getByText("1 execution started.").waitFor();
    await on.row("Listener").getByRole("img", { name: "started" }).waitFor();
    await expectNoViolations(on);
    await on.detail.getByRole("button", { name: "Open the execution" }).click();
    await on.page.waitForURL(/#\/execution\//);
  });

  it("shows an open breaker on its card and in the list, and closes it by hand", async () => {
    const on = await open({ broken: BROKEN });
    await runOf(on, "Broken Link");
    const card = on.page.locator('.svelte-flow__node[data-id="call"]');
    await card.getByRole("img", { name: /^breaker open, tries again at/ }).waitFor();
    await on.show("Circuit breakers");
    await on.row("call").getByText("open", { exact: true }).waitFor();
    await on.row("call").getByText("1 of 1").waitFor();
    await expectNoViolations(on);
    await on.detail.getByRole("button", { name: "Close and forget" }).click();
    await on.page.getByRole("heading", { name: "No circuit breaker has counted yet" }).waitFor();
  });

  it("lists cached values and clears those a search finds", async () => {
    const on = await open({ cached: CACHED });
    await runOf(on, "Kept Answer");
    await on.page.locator('.svelte-flow__node[data-id="fetch"]').getByRole("img", { name: "completed" }).waitFor();
    await on.page.keyboard.press("Control+Enter");
    await on.page.locator('.svelte-flow__node[data-id="fetch"]').getByRole("img", { name: "cached" }).waitFor();
    await on.show("Cached values");
    await on.row(/orders_of_today/).click();
    await expectNoViolations(on);
    await on.page.getByRole("searchbox", { name: "Search keys" }).fill("orders");
    await on.toolbar.getByRole("button", { name: "Clear 1 found" }).click();
    await on.page.getByText("1 cached value is cleared.").waitFor();
  });
});
