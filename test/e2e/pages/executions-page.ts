import type { Locator, Page } from "playwright-core";

/** The list of executions: its selectors and what a person does there. */
export class ExecutionsPage {
  constructor(readonly page: Page) {}

  get grid(): Locator {
    return this.page.getByRole("treegrid", { name: "Executions" });
  }

  get rows(): Locator {
    return this.grid.locator("[data-row]");
  }

  /** The row of `#number`. */
  row(number: number): Locator {
    return this.rows.filter({ has: this.page.getByText(`#${number}`, { exact: true }) });
  }

  async show(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Executions" }).click();
    await this.page.getByRole("heading", { name: "Executions", exact: true }).waitFor();
  }

  async filterBy(status: string): Promise<void> {
    await this.page.getByRole("complementary", { name: "Filters" }).getByRole("button", { name: status }).click();
  }
}
