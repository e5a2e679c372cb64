import type { Locator, Page } from "playwright-core";

/** The editor's screen: its selectors and what a person does there. */
export class EditorPage {
  constructor(readonly page: Page) {}

  get canvas(): Locator {
    return this.page.getByRole("region", { name: "Canvas" });
  }

  get cards(): Locator {
    return this.page.locator(".svelte-flow__node");
  }

  get connections(): Locator {
    return this.page.locator(".svelte-flow__edge");
  }

  get palette(): Locator {
    return this.page.getByRole("complementary", { name: "Components" });
  }

  get problems(): Locator {
    return this.page.getByRole("list", { name: "Problems" });
  }

  /** The text pane's editor. */
  get textBox(): Locator {
    return this.page.locator(".text-editor .monaco-editor").first();
  }

  card(id: string): Locator {
    return this.page.locator(`.svelte-flow__node[data-id="${id}"]`);
  }

  /** What a card's second line says. */
  async says(id: string): Promise<string> {
    return (await this.card(id).locator(".what").innerText()).trim();
  }

  /** Brings a text into the library by dropping it as a file, and opens it. */
  async openText(text: string): Promise<void> {
    await this.page.getByRole("heading", { name: "Examples" }).waitFor();
    const dropped = await this.page.evaluateHandle((body) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([body], "one.workflow.yaml"));
      return transfer;
    }, text);
    await this.page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    await this.page.locator("[data-row]").first().click();
    await this.page.keyboard.press("Enter");
    await this.cards.first().waitFor();
    await this.textBox.waitFor();
  }

  /** Adds a component of this type from the palette, by keyboard. */
  async add(type: string): Promise<void> {
    const before = await this.cards.count();
    // The group has the name of its one component.
    await this.palette.getByRole("button", { name: type, exact: true }).last().focus();
    await this.page.keyboard.press("Enter");
    await this.cards.nth(before).waitFor();
  }

  /** Adds a component by name, behind the one that has the focus. */
  async quickAdd(type: string): Promise<void> {
    const before = await this.cards.count();
    await this.page.keyboard.press("Tab");
    const search = this.page.getByRole("dialog", { name: "Add a component" }).getByRole("combobox");
    await search.fill(type);
    await search.press("Enter");
    await this.cards.nth(before).waitFor();
    await this.page.locator(".svelte-flow__node:focus").waitFor();
  }

  /** Drags a type from the palette to a place on the canvas. */
  async drop(type: string, at: { readonly x: number; readonly y: number }): Promise<void> {
    await this.palette
      .getByRole("button", { name: type, exact: true })
      .last()
      .dragTo(this.canvas, { targetPosition: at });
  }

  /** Draws a connection with the mouse. */
  async connect(source: string, target: string): Promise<void> {
    const before = await this.connections.count();
    const port = this.card(source).locator(".svelte-flow__handle-bottom.source");
    await port.dragTo(this.card(target), { targetPosition: { x: 94, y: 2 } });
    await this.connections.nth(before).waitFor({ state: "attached" });
  }

  /** Presses on the middle of one thing and lets go on another's, with moves between, as a hand makes them. */
  async drag(from: Locator, to: Locator): Promise<void> {
    const [start, end] = [await from.boundingBox(), await to.boundingBox()];
    if (!start || !end) throw new Error("what is to be dragged is not on screen");
    await this.page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x + 40, end.y + 20, { steps: 5 });
    await this.page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Writes at the text's end. Pasted: typed text would be indented and its brackets closed. */
  async appendText(text: string): Promise<void> {
    await this.textBox.click();
    await this.page.keyboard.press("Control+End");
    await this.page.evaluate((body) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", body);
      document.activeElement?.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    }, text);
  }

  /** The text as far as it is on screen. */
  async shownText(): Promise<string> {
    return this.textBox.locator(".view-line").evaluateAll((lines) =>
      lines
        .map((line) => ({ top: parseFloat((line as HTMLElement).style.top), text: line.textContent ?? "" }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " "))
        .join("\n")
        .trimEnd(),
    );
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
  }
}
