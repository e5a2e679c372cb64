import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

async function library(): Promise<LibraryPage> {
  studio = await openWeb();
  return new LibraryPage(studio.page);
}

describe("the library", () => {
  it("says what to do while it is empty", async () => {
    const { page } = await library();
    await page.getByRole("heading", { name: "This workspace has no workflows yet" }).waitFor();
    await page.getByRole("heading", { name: "Examples" }).waitFor();
    expect(await page.getByRole("button", { name: /^Open a copy of/ }).count()).toBeGreaterThan(3);
  });

  it("makes, finds, renames and duplicates workflows", async () => {
    const on = await library();
    await on.create("Order Fulfilment", "Reserve stock and book the courier");
    await on.show();
    await on.create("Warehouse Stock Sync");
    await on.show();
    await on.row("Order Fulfilment").waitFor();
    await on.search("couriér ORDER");
    await expect.poll(() => on.names()).toEqual(["Order Fulfilment"]);
    await on.search("");
    await on.rename("Order Fulfilment", "Order Shipping");
    await on.page.keyboard.press("Control+d");
    await expect.poll(() => on.grid.locator("[data-row]").count()).toBe(3);
    // A copy is named at once.
    await on.page.getByRole("textbox", { name: /^New name of/ }).waitFor();
    await on.page.keyboard.type("Order Shipping South");
    await on.page.keyboard.press("Enter");
    await on.row("Order Shipping South").waitFor();
  });

  it("brings a deleted workflow back", async () => {
    const on = await library();
    await on.create("Refund Review");
    await on.show();
    await on.row("Refund Review").click();
    await on.page.keyboard.press("Delete");
    await on.row("Refund Review").waitFor({ state: "detached" });
    await on.page.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" }).click();
    await on.row("Refund Review").waitFor();
  });

  it("imports a file dropped on the window", async () => {
    const on = await library();
    await on.page.getByRole("heading", { name: "Examples" }).waitFor();
    const dropped = await on.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      const text = "apg: 1\nid: dropped\nname: Dropped Flow\ncomponents: []\n";
      transfer.items.add(new File([text], "dropped.workflow.yaml"));
      return transfer;
    });
    await on.page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    await on.row("Dropped Flow").waitFor();
  });

  it("shows in another window what changed in this one", async () => {
    const on = await library();
    const other = await on.page.context().newPage();
    await other.goto(await on.page.evaluate(() => `${location.origin}/?token=${sessionStorage.getItem("apg-token")}`));
    await other.getByRole("heading", { name: "Examples" }).waitFor();
    await on.create("Seen Elsewhere");
    await new LibraryPage(other).row("Seen Elsewhere").waitFor();
    expect(new URL(other.url()).searchParams.has("token")).toBe(false);
  });

  it("has nothing that a reader or a keyboard cannot use", async () => {
    const on = await library();
    await on.create("Readable");
    await on.show();
    await on.row("Readable").click();
    // Colours in transition are nobody's colours.
    await on.page.emulateMedia({ reducedMotion: "reduce" });
    for (const theme of ["light", "dark", "contrast"]) {
      await on.page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
      const found = await new AxeBuilder({ page: on.page }).analyze();
      expect(found.violations.map((one) => `${theme} ${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    }
    expect(studio?.errors).toEqual([]);
  });
});
