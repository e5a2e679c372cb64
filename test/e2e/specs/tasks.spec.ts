import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

const APPROVE = `id: approve_invoice
name: Approve Invoice
components:
  - id: approve
    type: human_task
    name: Approve invoice
    config:
      assignee: M. Okafor
      deadline: 2h
      form:
        type: object
        required: [decision, amount]
        properties:
          decision: {type: string, title: Decision, enum: [approve, reject]}
          amount: {type: number, title: Amount, minimum: 1}
  - {id: pay, type: log, config: {message: "{{ approve.output.decision }}"}}
`;

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

describe("the inbox of tasks", () => {
  it("asks a person with a form, refuses what does not fit, and lets the execution go on", async () => {
    const workspace = workspaceWith({ approve: APPROVE });
    studio = await openWeb({ workspace });
    const { page } = studio;
    const library = new LibraryPage(page);
    await library.row("Approve Invoice").click();
    await page.keyboard.press("Enter");
    await page.locator(".svelte-flow__node").first().waitFor();
    await page.keyboard.press("Control+Enter");
    await page.locator('.svelte-flow__node[data-id="approve"]').getByText("M. Okafor · 2 h left").waitFor();

    const places = page.getByRole("navigation", { name: "Places" });
    await places.getByRole("button", { name: "Tasks, 1 open" }).click();
    const task = page.locator("[data-pane=tasks-detail]");
    await task.getByRole("heading", { name: "Approve invoice" }).waitFor();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);

    expect(await task.getByRole("button", { name: "Answer" }).isDisabled()).toBe(true);
    await task.getByLabel("Decision").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "Approve" }).waitFor();
    await page.keyboard.press("Enter");
    await task.getByLabel("Amount").fill("0");
    await page.keyboard.press("Control+Enter");
    await task.getByRole("alert").waitFor();
    await task.getByLabel("Amount").fill("1200");
    await task.getByLabel("Your name").fill("A. Diallo");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Approve invoice is answered; the execution goes on.").waitFor();
    await page.getByRole("heading", { name: "Nobody is asked anything" }).waitFor();
    // What had the focus is gone with its task.
    await page.locator("[data-pane=tasks-toolbar] input:focus").waitFor();
    await places.getByRole("button", { name: "Tasks", exact: true }).waitFor();

    await page.getByRole("radio", { name: "Answered" }).click();
    await task.getByText(/Answered by A\. Diallo/).waitFor();
    await task.getByRole("button", { name: /Open execution #1/ }).click();
    await page.waitForURL(/#\/execution\//);
    await page.locator(".debug").getByText("completed").first().waitFor();
  });
});
