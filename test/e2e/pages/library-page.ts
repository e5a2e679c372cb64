import type { Locator, Page } from "playwright-core";

/** The library's screen: its selectors and what a person does there. */
export class LibraryPage {
  constructor(readonly page: Page) {}

  get grid(): Locator {
    return this.page.getByRole("grid", { name: "Workflows" });
  }

  /** The row of the workflow with this name. */
  row(name: string): Locator {
    return this.grid.getByRole("row").filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** The names of the rows, top to bottom. */
  async names(): Promise<readonly string[]> {
    return this.grid.locator("[data-row] .name").allInnerTexts();
  }

  async show(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Workflows" }).click();
    await this.page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();
  }

  /** Makes a workflow through the dialog; the editor shows it afterwards. */
  async create(name: string, purpose = ""): Promise<void> {
    await this.page.getByRole("button", { name: "New workflow" }).first().click();
    const dialog = this.page.getByRole("dialog", { name: "New workflow" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Purpose").fill(purpose);
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.waitFor({ state: "detached" });
    await this.#editorShown();
  }

  /** Opens an example's copy; the editor shows it afterwards. */
  async openCopyOf(example: string): Promise<void> {
    await this.page.getByRole("button", { name: `Open a copy of ${example}` }).click();
    await this.#editorShown();
  }

  /** What is clicked before the editor has come would be undone by its coming. */
  async #editorShown(): Promise<void> {
    await this.page.waitForURL(/#\/workflow\//);
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole("searchbox", { name: /Search names/ }).fill(text);
  }

  /** Renames the row by keyboard. */
  async rename(from: string, to: string): Promise<void> {
    await this.row(from).click();
    await this.page.keyboard.press("F2");
    await this.page.getByRole("textbox", { name: `New name of ${from}` }).fill(to);
    await this.page.keyboard.press("Enter");
    await this.row(to).waitFor();
  }
}
