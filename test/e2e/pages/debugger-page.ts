import type { Locator, Page } from "playwright-core";

/** The screen of an execution: its selectors and what a person does there. */
export class DebuggerPage {
  constructor(readonly page: Page) {}

  get banner(): Locator {
    return this.page.locator(".banner.held");
  }

  get slider(): Locator {
    return this.page.getByRole("slider", { name: "Moment of the execution" });
  }

  get values(): Locator {
    return this.page.getByRole("complementary", { name: "Values" });
  }

  get timeline(): Locator {
    return this.page.getByRole("region", { name: "Timeline, logs and changes" });
  }

  /** A card on the canvas. */
  card(id: string): Locator {
    return this.page.locator(`.svelte-flow__node[data-id="${id}"]`);
  }

  /** What a card's second line says. */
  async says(id: string): Promise<string> {
    return (await this.card(id).locator(".what").innerText()).trim();
  }

  control(name: string): Locator {
    return this.page.getByRole("toolbar", { name: "Debug" }).getByRole("button", { name });
  }

  /** Waits until the execution is held before the component with this name. */
  async heldBefore(name: string): Promise<void> {
    await this.banner.getByText(`Held before ${name}`).waitFor();
  }

  /** Waits until the execution has ended in this way. */
  async ended(how: string): Promise<void> {
    await this.page.locator(".toolbar .say").getByText(how).waitFor();
  }

  async showTab(name: string): Promise<void> {
    await this.values.getByRole("tab", { name, exact: true }).click();
  }

  async showAs(view: "Tree" | "Table" | "Raw"): Promise<void> {
    await this.values.getByRole("radio", { name: view }).click();
  }

  /** A line of the value tree. */
  line(path: string): Locator {
    return this.values.locator(`[data-row="${path}"]`);
  }

  /** Replaces what the held component gets. */
  async edit(part: "input" | "config", json: unknown): Promise<void> {
    await this.values.getByRole("button", { name: `Edit ${part}` }).click();
    const editor = this.values.locator(".edit-value .monaco-editor").first();
    await editor.waitFor();
    await editor.click();
    await this.page.keyboard.press("Control+a");
    // Pasted: typed text would be indented and its brackets closed.
    await this.page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      document.activeElement?.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    }, JSON.stringify(json));
    await this.values.getByRole("button", { name: "Apply" }).click();
    await this.values.locator(".edit-value").waitFor({ state: "detached" });
  }

  /** How many entries are behind what is shown, and how many there are. */
  async moment(): Promise<{ readonly seq: number; readonly of: number }> {
    return {
      seq: Number(await this.slider.getAttribute("aria-valuenow")),
      of: Number(await this.slider.getAttribute("aria-valuemax")),
    };
  }
}
