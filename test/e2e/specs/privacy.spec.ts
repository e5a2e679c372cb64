import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

const ADA = "ada.lovelace@example.com";
const CONTACT = `id: contact
name: Contact
components:
  - {id: note, type: end, config: {output: {email: ${ADA}}}}
`;

describe("personal data", () => {
  it("is counted, and erased once its value is written again", async () => {
    const workspace = workspaceWith({ contact: CONTACT });
    studio = await openWeb({ workspace });
    const { page } = studio;
    await new LibraryPage(page).row("Contact").click();
    await page.keyboard.press("Enter");
    await page.locator(".svelte-flow__node").first().waitFor();
    await page.keyboard.press("Control+Enter");
    await page.locator('.svelte-flow__node[data-id="note"]').getByRole("img", { name: "completed" }).waitFor();
    await page.keyboard.press("Control+,");
    await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name: "Privacy" }).click();
    await page.getByLabel("Value that names the person").fill(ADA);
    await page.getByLabel("Field that holds it").fill("email");
    await page.getByRole("button", { name: "Count what is kept" }).click();
    await page.getByText("1 execution, 0 cached values and 0 event payloads would be removed for good.").waitFor();
    const erase = page.getByRole("button", { name: "Erase for good" });
    await page.getByLabel("The value once more").fill("ada");
    expect(await erase.isDisabled()).toBe(true);
    await page.getByLabel("The value once more").fill(ADA);
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    await erase.click();
    await page.getByText(/^1 execution, .* are removed for good\.$/).waitFor();
    await page.getByRole("button", { name: "Count what is kept" }).click();
    await page.getByText("Nothing is kept of this value.").waitFor();
    await page.keyboard.press("Alt+3");
    await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  });
});
