import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type OpenOptions, type Studio } from "../launch";
import { DebuggerPage } from "../pages/debugger-page";
import { ENDLESS, LARGE, ROUNDS, THREE_STEPS } from "../pages/texts";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

/** A studio with this workflow open in the editor. */
async function withWorkflow(text: string, options: OpenOptions = {}): Promise<DebuggerPage> {
  studio = await openWeb(options);
  const { page } = studio;
  page.setDefaultTimeout(10_000);
  await page.getByRole("heading", { name: "Examples" }).waitFor();
  const dropped = await page.evaluateHandle((body) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([body], "one.workflow.yaml"));
    return transfer;
  }, text);
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await page.locator("[data-row]").first().click();
  await page.keyboard.press("Enter");
  await page.locator(".svelte-flow__node").first().waitFor();
  return new DebuggerPage(page);
}

/** The same, held at a breakpoint that F9 set on `component`. */
async function heldAt(text: string, component: string, name: string, options: OpenOptions = {}): Promise<DebuggerPage> {
  const on = await withWorkflow(text, options);
  await on.card(component).click();
  await on.page.keyboard.press("F9");
  await on.page.keyboard.press("F5");
  await on.page.waitForURL(/#\/execution\//);
  await on.heldBefore(name);
  return on;
}

describe("an execution that is debugged", () => {
  it("is held, gets another input and goes on with it", async () => {
    const on = await heldAt(THREE_STEPS, "second", "Second");
    expect(await on.says("second")).toBe("held before it runs");
    await on.line("input/region").getByText('"US"').waitFor();
    await on.edit("input", { region: "EU", amount: 21 });
    await on.line("input/region").getByText("edited").waitFor();
    await on.page.keyboard.press("F5");
    await on.ended("completed");
    await on.card("third").click();
    await on.timeline.getByRole("tab", { name: /^Logs/ }).click();
    await on.timeline.getByText("42 in EU").waitFor();
    await on.timeline.getByRole("tab", { name: /^Changes/ }).click();
    await on.timeline.getByText('"EU"').waitFor();
    expect(studio?.errors).toEqual([]);
  });

  it("goes on by one component at a time", async () => {
    const on = await heldAt(THREE_STEPS, "first", "First");
    await on.page.keyboard.press("F10");
    await on.heldBefore("Second");
    expect(await on.says("third")).toBe("waits for 1 component");
    await on.page.keyboard.press("F10");
    await on.ended("only the EU is served, not US");
    await on.card("second").click();
    await on.values.getByText("only the EU is served, not US").first().waitFor();
  });

  it("is stopped while it is held", async () => {
    const on = await heldAt(THREE_STEPS, "second", "Second");
    await on.page.keyboard.press("Shift+F5");
    await on.ended("cancelled");
    expect(await on.says("second")).toBe("cancelled");
  });

  it("shows what watched expressions come to, at the moment shown", async () => {
    const on = await heldAt(THREE_STEPS, "second", "Second");
    await on.page.getByRole("button", { name: "Add an expression" }).click();
    await on.page.getByRole("textbox", { name: "Expression to watch" }).fill("input.amount * 2");
    await on.page.keyboard.press("Enter");
    const watches = on.page.getByRole("list", { name: "Watch" });
    await watches.getByText("6", { exact: true }).waitFor();
    await on.edit("input", { region: "EU", amount: 5 });
    await watches.getByText("10", { exact: true }).waitFor();
    await on.page.getByRole("button", { name: "Previous event" }).click();
    await watches.getByText("6", { exact: true }).waitFor();
  });
});

describe("the slider", () => {
  it("shows the moment before", async () => {
    const on = await heldAt(THREE_STEPS, "second", "Second");
    await on.edit("input", { region: "EU", amount: 1 });
    await on.page.keyboard.press("F5");
    await on.ended("completed");
    expect(await on.says("second")).toMatch(/ms$/);
    await on.slider.focus();
    await on.page.keyboard.press("Home");
    expect(await on.says("second")).toBe("waits for 1 component");
    const { of } = await on.moment();
    for (let at = 1; at < of; at++) {
      expect((await on.moment()).seq).toBe(at);
      await on.page.keyboard.press("ArrowRight");
    }
    expect((await on.moment()).seq).toBe(of);
    await on.page.keyboard.press("ArrowLeft");
    await on.page.getByRole("button", { name: "Back to the present" }).first().click();
    expect((await on.moment()).seq).toBe(of);
  });

  it("is dragged", async () => {
    const on = await heldAt(THREE_STEPS, "second", "Second");
    const box = await on.slider.boundingBox();
    if (!box) throw new Error("the slider is not on screen");
    await on.page.mouse.move(box.x + box.width / 2, box.y + 8);
    await on.page.mouse.down();
    await on.page.mouse.move(box.x + 2, box.y + 8, { steps: 5 });
    await on.page.mouse.up();
    const { seq, of } = await on.moment();
    expect(seq).toBeLessThan(of);
    expect(await on.says("second")).not.toBe("held before it runs");
    await on.page.keyboard.press("F5");
    await expect.poll(async () => on.says("second")).toBe("held before it runs");
  });

  it("brings back the rounds of a loop that are over", async () => {
    const on = await withWorkflow(ROUNDS);
    await on.page.keyboard.press("F5");
    await on.page.waitForURL(/#\/execution\//);
    await on.ended("completed");
    await on.card("square").click();
    await on.values.getByText("Round 4 of 4").waitFor();
    await on.showTab("Output");
    await on.line("output").getByText("16").waitFor();
    await on.values.getByRole("button", { name: "Previous round" }).click();
    await on.values.getByRole("button", { name: "Previous round" }).click();
    await on.values.getByText("Round 2 of 4").waitFor();
    await on.line("output").getByText("4", { exact: true }).waitFor();
  });
});

describe("values", () => {
  it("come in pages however large they are", async () => {
    const on = await withWorkflow(LARGE);
    await on.page.keyboard.press("F5");
    await on.page.waitForURL(/#\/execution\//);
    await on.ended("completed");
    await on.card("many").click();
    await on.line("output/0").waitFor();
    await on.line("output[0-10000]").click();
    await on.line("output[20000-25000]").click();
    await on.line("output[20000-20100]").waitFor();
    await on.showAs("Table");
    await on.values.getByRole("columnheader", { name: "name" }).waitFor();
    await on.values.getByRole("button", { name: "Next page" }).click();
    await on.values.getByText('"record 100"').waitFor();
    await on.showAs("Raw");
    await on.values.getByText(/^The first 200 kB of/).waitFor();
    await on.showAs("Tree");
    await on.values.getByRole("searchbox", { name: "Find in values" }).fill("record 24680");
    await on.values.getByText("24680.name").click();
    await on.line("output/24680/name").getByText('"record 24680"').waitFor();
  });
});

describe("an execution that was only run", () => {
  it("shows what happened on the editor's canvas and opens read-only", async () => {
    const on = await withWorkflow(THREE_STEPS);
    await on.page.keyboard.press("Control+Enter");
    await expect.poll(async () => on.says("second")).toMatch(/^component error/);
    await on.page.getByRole("tab", { name: "Runs" }).click();
    await on.page.getByRole("button", { name: /#1/ }).click();
    await on.ended("only the EU is served, not US");
    for (const name of ["Pause", "Stop"]) await expect.poll(() => on.control(name).isDisabled()).toBe(true);
  });

  it("is stopped, busy or not", async () => {
    const on = await withWorkflow(ENDLESS);
    await on.page.keyboard.press("Control+Enter");
    await expect.poll(async () => on.says("spin")).toBe("running");
    await on.page.getByRole("button", { name: "Stop" }).click();
    await expect.poll(async () => on.says("spin")).toMatch(/^cancelled/);
  });
});

describe("the screen of an execution", () => {
  it("has nothing that a reader or a keyboard cannot use", async () => {
    const on = await heldAt(THREE_STEPS, "second", "Second");
    await on.page.emulateMedia({ reducedMotion: "reduce" });
    for (const theme of ["light", "dark", "contrast"]) {
      await on.page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
      const found = await new AxeBuilder({ page: on.page }).analyze();
      expect(found.violations.map((one) => `${theme} ${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    }
    expect(studio?.errors).toEqual([]);
  });
});
