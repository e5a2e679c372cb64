import { AxeBuilder } from "@axe-core/playwright";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

/** Exports an example from the library and gives the file's path. */
async function exported(): Promise<{ readonly page: Page; readonly file: string }> {
  studio = await openWeb();
  const { page, workspace } = studio;
  const library = new LibraryPage(page);
  await library.openCopyOf("Orders in a Loop");
  await library.show();
  await library.row("Orders in a Loop").click();
  await page.keyboard.press("Control+e");
  const dialog = page.getByRole("dialog", { name: "Export bundle" });
  await dialog.getByText("Fulfil Order", { exact: true }).waitFor();
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const file = join(workspace, "orders.apgb");
  await (await download).saveAs(file);
  await dialog.getByText("Saved with this browser's downloads").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return { page, file };
}

async function checkBundle(page: Page, file: string): Promise<void> {
  await page.getByRole("navigation", { name: "Places" }).getByRole("button", { name: "Bundles" }).click();
  await page.getByLabel("Path of the .apgb file").fill(file);
  await page.keyboard.press("Enter");
}

describe("bundles", () => {
  it("are exported with all they call, and found intact", async () => {
    const { page, file } = await exported();
    await checkBundle(page, file);
    await page.getByText("Every entry is as it was written.").waitFor();
    await page.getByRole("cell", { name: /workflows\/fulfil_order\.workflow\.yaml/ }).waitFor();
    expect(await page.getByRole("button", { name: "Import into the library" }).isEnabled()).toBe(true);
  });

  it("name the entry that was changed, and are not imported then", async () => {
    const { page, file } = await exported();
    const bytes = readFileSync(file);
    const found = bytes.indexOf("workflow_call");
    const at = found < 0 ? Math.floor(bytes.length / 3) : found;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(file, bytes);
    await checkBundle(page, file);
    await page.getByText("This bundle is not what was exported").waitFor();
    expect(await page.getByRole("img", { name: "changed" }).count()).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: "Import into the library" }).isDisabled()).toBe(true);
  });
});
