import type { Locator, Page } from "playwright-core";

/** The screens of the workspace and of tasks: their selectors and what a person does there. */
export class WorkspacePage {
  constructor(readonly page: Page) {}

  get detail(): Locator {
    return this.page.locator("[data-pane=workspace-detail]");
  }

  get toolbar(): Locator {
    return this.page.locator("[data-pane=workspace-toolbar]");
  }

  /** A row of the list shown. */
  row(text: string | RegExp): Locator {
    return this.page.locator("[data-pane=workspace-rows] [data-row]").filter({ hasText: text });
  }

  async show(section: string): Promise<void> {
    await this.page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Workspace" }).click();
    await this.page
      .getByRole("complementary", { name: "Parts of the workspace" })
      .getByRole("button", { name: new RegExp(`^${section}`) })
      .click();
    await this.page.getByRole("heading", { name: section, exact: true, level: 1 }).waitFor();
  }

  async addSecret(name: string, value: string): Promise<void> {
    await this.toolbar.getByRole("button", { name: "New secret" }).click();
    const dialog = this.page.getByRole("dialog", { name: "New secret" });
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    await dialog.getByLabel("Value").first().fill(value);
    await this.page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await this.row(name).waitFor();
  }

  /** Chooses in a list that opens at a field. */
  async choose(within: Locator, field: string, option: string): Promise<void> {
    await within.getByLabel(field).first().click();
    await this.page.getByRole("option", { name: option }).click();
  }

  /** Takes back what was done last. */
  async undo(): Promise<void> {
    await this.page.getByRole("button", { name: "Undo", exact: true }).last().click();
  }
}
