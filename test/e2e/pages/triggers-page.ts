import type { Locator, Page } from "playwright-core";

/** The workspace's triggers: their selectors and what a person does there. */
export class TriggersPage {
  constructor(readonly page: Page) {}

  get grid(): Locator {
    return this.page.getByRole("grid", { name: "Triggers" });
  }

  /** The row of the trigger that waits for `what`. */
  row(what: string): Locator {
    return this.grid.getByRole("row").filter({ has: this.page.getByText(what, { exact: true }) });
  }

  async show(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Workspace" }).click();
    await this.page.getByRole("button", { name: /^Triggers/ }).click();
    await this.grid.waitFor();
  }

  async turn(what: string): Promise<void> {
    await this.row(what).getByRole("checkbox").click();
  }

  /** The address that is shown for the trigger chosen. */
  async address(): Promise<string> {
    return this.page.locator(".copyable code").innerText();
  }

  /** Posts an event through the dialog. */
  async post(type: string, payload: string): Promise<void> {
    await this.page.getByRole("button", { name: "Post event" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Post an event" });
    await dialog.getByLabel("Type").fill(type);
    await dialog.getByLabel("Payload").fill(payload);
    await dialog.getByRole("button", { name: "Post event" }).click();
    await dialog.waitFor({ state: "detached" });
  }

  notice(text: string): Locator {
    return this.page.getByRole("region", { name: "Notices" }).getByText(text);
  }
}
