import { AxeBuilder } from "@axe-core/playwright";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openDesktop, openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";
import { WorkspacePage } from "../pages/workspace-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

const FIRST = "correct horse battery";
const OTHER = "another staple";
const USES = `id: uses_secret
name: Uses Secret
components:
  - {id: say, type: log, config: {message: "it has {{ size(secrets.CRM_TOKEN) }} characters"}}
`;

async function expectNoViolations({ page }: WorkspacePage): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
}

describe.each([
  ["web", openWeb],
  ["desktop", openDesktop],
] as const)("a vault under a passphrase, %s", (_kind, open) => {
  it("is guarded in the studio, asked for at the next start, and opened by what needs it", async () => {
    const workspace = workspaceWith({ uses: USES });
    studio = await open({ workspace });
    let on = new WorkspacePage(studio.page);
    await on.show("Secrets");
    await on.addSecret("CRM_TOKEN", "q7-planted-on-a-screen");
    await on.toolbar.getByRole("button", { name: "Passphrase of the vault" }).click();
    const guard = on.page.getByRole("dialog", { name: "Guard the vault with a passphrase" });
    await guard.locator("input:focus").waitFor();
    await on.page.keyboard.type(FIRST);
    await guard.getByLabel("The same again").fill(`${FIRST}!`);
    await guard.getByText("The two are not the same.").waitFor();
    expect(await guard.getByRole("button", { name: "Guard", exact: true }).isDisabled()).toBe(true);
    await guard.getByLabel("The same again").fill(FIRST);
    await expectNoViolations(on);
    await on.page.keyboard.press("Enter");
    await on.page.getByText("The vault is guarded by the passphrase.").waitFor();
    await studio.close();

    studio = await open({ workspace });
    on = new WorkspacePage(studio.page);
    const status = on.page.getByRole("contentinfo", { name: "Status" });
    await status.getByRole("button", { name: "Vault locked" }).waitFor();
    await on.show("Secrets");
    await on.row("CRM_TOKEN").waitFor();
    await on.page.getByText("The vault of this workspace is locked.", { exact: false }).waitFor();
    await expectNoViolations(on);

    const library = new LibraryPage(on.page);
    await library.show();
    await library.row("Uses Secret").click();
    await on.page.keyboard.press("Enter");
    await on.page.locator(".svelte-flow__node").first().waitFor();
    await on.page.keyboard.press("Control+Enter");
    const unlock = on.page.getByRole("dialog", { name: "Unlock the vault" });
    await unlock.locator("input:focus").waitFor();
    await on.page.keyboard.type(OTHER);
    await on.page.keyboard.press("Enter");
    await unlock
      .getByRole("alert")
      .getByText("That is not the passphrase of this workspace.", { exact: false })
      .waitFor();
    await expectNoViolations(on);
    await on.page.keyboard.type(FIRST);
    await on.page.keyboard.press("Enter");
    await on.page.locator('.svelte-flow__node[data-id="say"]').getByRole("img", { name: "completed" }).waitFor();
    await status.getByRole("button", { name: "Vault locked" }).waitFor({ state: "detached" });
    expect(await on.page.content()).not.toContain(FIRST);
  });
});

describe("the passphrase", () => {
  it("is changed and removed with the present one, and a start that is not unlocked says why", async () => {
    const workspace = workspaceWith({ uses: USES });
    studio = await openWeb({ workspace });
    const on = new WorkspacePage(studio.page);
    await on.show("Secrets");
    const dialogOf = async (title: string) => {
      await on.toolbar.getByRole("button", { name: "Passphrase of the vault" }).click();
      return on.page.getByRole("dialog", { name: title });
    };
    const guard = await dialogOf("Guard the vault with a passphrase");
    await guard.getByLabel("Passphrase from now on").fill(FIRST);
    await guard.getByLabel("The same again").fill(FIRST);
    await on.page.keyboard.press("Enter");
    await on.page.getByText("The vault is guarded by the passphrase.").waitFor();
    const change = await dialogOf("Change the vault's passphrase");
    await change.getByLabel("Present passphrase").fill(OTHER);
    await change.getByLabel("Passphrase from now on").fill(OTHER);
    await change.getByLabel("The same again").fill(OTHER);
    await on.page.keyboard.press("Enter");
    await change.getByRole("alert").getByText("That is not the passphrase", { exact: false }).waitFor();
    await change.getByLabel("Present passphrase").fill(FIRST);
    await on.page.keyboard.press("Enter");
    await on.page.getByText("The vault has another passphrase.").waitFor();
    await studio.close();

    studio = await openWeb({ workspace });
    const later = new WorkspacePage(studio.page);
    const library = new LibraryPage(later.page);
    await library.show();
    await library.row("Uses Secret").click();
    await later.page.keyboard.press("Control+Enter");
    await later.page.getByRole("dialog", { name: "Unlock the vault" }).waitFor();
    await later.page.keyboard.press("Escape");
    await later.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await later.page.locator("[data-notices]").getByText("locked").count()).toBe(0);
    expect(await later.page.getByRole("button", { name: /^Last run/ }).count()).toBe(0);
    // Whoever was about to run with something is still about to.
    await library.row("Uses Secret").click();
    await later.page.keyboard.press("Enter");
    await later.page.locator(".svelte-flow__node").first().waitFor();
    await later.page.keyboard.press("Control+Shift+Enter");
    const runWith = later.page.getByRole("dialog", { name: "Run with" });
    await runWith.getByRole("button", { name: "Run", exact: true }).click();
    await later.page.getByRole("dialog", { name: "Unlock the vault" }).locator("input:focus").waitFor();
    await later.page.keyboard.press("Escape");
    await later.page.getByRole("dialog", { name: "Unlock the vault" }).waitFor({ state: "detached" });
    await runWith.waitFor();
    await later.page.keyboard.press("Escape");
    await later.page.getByRole("button", { name: "Vault locked" }).click();
    await later.page.getByRole("dialog", { name: "Unlock the vault" }).locator("input:focus").waitFor();
    await later.page.keyboard.type(OTHER);
    await later.page.keyboard.press("Enter");
    await later.page.getByText("The vault is open.").waitFor();
    await later.page.getByText("The vault of this workspace is locked.").waitFor({ state: "detached" });
    await later.show("Secrets");
    await later.toolbar.getByRole("button", { name: "Passphrase of the vault" }).click();
    const remove = later.page.getByRole("dialog", { name: "Change the vault's passphrase" });
    await remove.getByLabel("Present passphrase").fill(OTHER);
    await remove.getByRole("checkbox", { name: "Remove the passphrase" }).click();
    await remove.getByRole("button", { name: "Remove", exact: true }).click();
    await later.page.getByText("The vault has no passphrase any more.").waitFor();
  });
});
