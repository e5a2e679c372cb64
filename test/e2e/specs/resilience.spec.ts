import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

const SAGA = `id: order_saga
name: Order Saga
components:
  - id: reserve
    type: http_request
    name: Reserve stock
    config: {url: "http://sample.apg.test/inventory/reserve", method: POST, body: {order_id: ord_1, lines: [{sku: KB-101, quantity: 1}]}}
  - id: bill
    type: http_request
    name: Write the bill
    config: {url: "http://sample.apg.test/messages", method: POST, body: {to: accounts}}
  - id: charge
    type: http_request
    name: Charge
    config: {url: "http://127.0.0.1:9/charge", method: POST, timeout: 2}
    retry_policy: {max_attempts: 2, initial_delay_ms: 300, jitter: false}
compensation:
  reserve: {component: http_request, config: {url: "http://sample.apg.test/inventory/release", method: POST, body: {reservation_id: res_1}}}
  bill: {component: http_request, config: {url: "http://sample.apg.test/messages", method: POST, body: {to: nobody}}}
`;

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

async function opened() {
  const workspace = workspaceWith({ saga: SAGA });
  studio = await openWeb({ workspace });
  const { page } = studio;
  await new LibraryPage(page).row("Order Saga").click();
  await page.keyboard.press("Enter");
  await page.locator(".svelte-flow__node").first().waitFor();
  return page;
}

describe("when things go wrong", () => {
  it("the debugger tells each attempt, and what was undone in which order", async () => {
    const page = await opened();
    await page.keyboard.press("Control+Enter");
    const card = (id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);
    await card("reserve").getByRole("img", { name: "compensated" }).waitFor();
    await card("reserve")
      .getByText(/^undone/)
      .waitFor();
    await card("charge").getByRole("img", { name: "retried" }).waitFor();
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByRole("button", { name: /#1/ }).first().click();
    await page.waitForURL(/#\/execution\//);
    const undo = page.getByRole("region", { name: "Undo" });
    await expect.poll(() => undo.getByRole("listitem").allInnerTexts()).toHaveLength(2);
    expect((await undo.getByRole("listitem").allInnerTexts()).map((text) => /[A-Z][a-z ]+/.exec(text)?.[0])).toEqual([
      "Write the bill",
      "Reserve stock",
    ]);
    await undo.getByRole("button", { name: /Reserve stock/ }).click();
    const values = page.locator("[data-pane=values]");
    await values.getByRole("heading", { name: "Undo of Reserve stock" }).waitFor();
    await card("charge").click();
    await values.getByRole("tab", { name: "Attempts" }).click();
    await values.getByText("Attempt 1 of 2").waitFor();
    await values.getByText(/^waited \d/).waitFor();
    await values.getByText("connection_error").first().waitFor();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
  });

  it("what failed is in sight when its execution is opened, however long the workflow is", async () => {
    const steps = Array.from({ length: 14 }, (_, at) => `  - {id: step_${at}, type: log, config: {message: "${at}"}}`);
    const workspace = workspaceWith({
      long: `id: long\nname: Long\ncomponents:\n${steps.join("\n")}\n  - {id: last, type: http_request, config: {url: "http://127.0.0.1:9/"}}\n`,
    });
    studio = await openWeb({ workspace, width: 1024, height: 700 });
    const { page } = studio;
    await new LibraryPage(page).row("Long").click();
    await page.keyboard.press("Enter");
    await page.locator(".svelte-flow__node").first().waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: /^Last run .* failed/ }).click();
    await page.waitForURL(/#\/execution\//);
    const failed = page.locator('.debug .svelte-flow__node[data-id="last"]');
    await failed.waitFor();
    const pane = page.locator(".debug .svelte-flow");
    await expect
      .poll(async () => {
        const [card, around] = [await failed.boundingBox(), await pane.boundingBox()];
        return card !== null && around !== null && card.y > around.y && card.y + card.height < around.y + around.height;
      })
      .toBe(true);
  });

  it("a run is given its environment and held before its first component", async () => {
    const page = await opened();
    await page.keyboard.press("Control+Shift+Enter");
    const dialog = page.getByRole("dialog", { name: "Run with" });
    await dialog.getByLabel("Environment").click();
    await page.getByRole("option", { name: "prod" }).click();
    await dialog.getByLabel("Priority").fill("5");
    await dialog.getByRole("checkbox", { name: "Hold before the first component" }).click();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    await dialog.getByRole("button", { name: "Run", exact: true }).click();
    await page.waitForURL(/#\/execution\//);
    await page
      .getByRole("status")
      .getByText(/^Held before/)
      .first()
      .waitFor();
    await page.keyboard.press("Shift+F5");
  });

  it("an undo completes what it sees of the component, and the cache's scope stands in a form once", async () => {
    const page = await opened();
    const inspector = page.locator("[data-pane=inspector]");
    await inspector.getByRole("tab", { name: "Undo" }).click();
    const body = inspector.getByLabel("Body").first();
    await body.fill('reservation_id: "{{ outp');
    await body.press("End");
    await page.keyboard.type("u");
    await inspector.getByRole("option", { name: /^output\b/ }).waitFor();
    await page.keyboard.press("Enter");
    expect(await body.inputValue()).toBe('reservation_id: "{{ output');
    await page.locator('.svelte-flow__node[data-id="bill"]').click();
    await inspector.getByRole("tab", { name: "Limits" }).click();
    await inspector.getByLabel("Cache scope").waitFor();
    expect(await inspector.getByLabel("Cache scope").count()).toBe(1);
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
  });

  it("faults that cannot be read keep the dialog open, and those that fitted nothing are named after the run", async () => {
    const page = await opened();
    await page.keyboard.press("Control+Shift+Enter");
    const dialog = page.getByRole("dialog", { name: "Run with" });
    const faults = dialog.getByRole("textbox", { name: "Faults" });
    await faults.fill("seed: 7\nfaults:\n  - {component: chrage, status: 200}\n");
    await dialog.getByRole("button", { name: "Run", exact: true }).click();
    await dialog.getByRole("alert").getByText("Line 3: status has to be an HTTP status from 400 to 599.").waitFor();
    expect(
      await faults.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
    ).toBe("  - {component: chrage, status: 200}");
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    await faults.fill("faults:\n  - {component: chrage, status: 503}\n");
    await dialog.getByRole("alert").waitFor({ state: "detached" });
    await dialog.getByRole("button", { name: "Run", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    const told = page.getByText(/^The fault for chrage fitted no attempt/);
    await told.waitFor();
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByRole("button", { name: /#1/ }).first().click();
    await page.waitForURL(/#\/execution\//);
    await told.waitFor();
    await page.locator(".debug").getByRole("img", { name: "in the resilience lab" }).waitFor();
    const after = await new AxeBuilder({ page }).analyze();
    expect(after.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
  });
});
