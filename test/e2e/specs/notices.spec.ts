import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { workspaceWith } from "../import-into";
import { openWeb, type Studio } from "../launch";
import { LibraryPage } from "../pages/library-page";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

const TELLS = `id: tells
name: Tells
components:
  - {id: late, type: notify, config: {level: error, title: The load was late, message: It began at ten past six.}}
`;

async function told(width: number, height: number): Promise<Page> {
  const workspace = workspaceWith({ tells: TELLS });
  studio = await openWeb({ workspace, width, height });
  const { page } = studio;
  await new LibraryPage(page).row("Tells").click();
  await page.keyboard.press("Enter");
  await page.locator(".svelte-flow__node").first().waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").getByText("The load was late").waitFor();
  return page;
}

describe("notices", () => {
  for (const [width, height] of [
    [1440, 900],
    [1024, 700],
  ] as const)
    it(`lie over nothing at ${width}x${height}, and say what happened`, async () => {
      const page = await told(width, height);
      const notices = await page.getByRole("region", { name: "Notices" }).boundingBox();
      const screen = await page.locator(".screen").boundingBox();
      const status = await page.getByRole("contentinfo", { name: "Status" }).boundingBox();
      expect(notices?.y).toBeGreaterThanOrEqual((screen?.y ?? 0) + (screen?.height ?? 0));
      expect(status?.y).toBeGreaterThanOrEqual((notices?.y ?? 0) + (notices?.height ?? 0));
      await page.getByRole("alert").getByText("It began at ten past six.").waitFor();
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
    });

  it("go when the execution they are of is opened", async () => {
    const page = await told(1440, 900);
    const notices = page.getByRole("region", { name: "Notices" });
    await notices.getByRole("button", { name: "Open the execution" }).click();
    await page.waitForURL(/#\/execution\//);
    await notices.getByText("The load was late").waitFor({ state: "detached" });
  });

  it("are reached with F6 and closed with Escape, which gives the focus back", async () => {
    const page = await told(1440, 900);
    const pane = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-pane]")?.dataset["pane"]);
    const stepsIn = async (steps: number): Promise<string | undefined> => {
      await page.keyboard.press("Shift+F6");
      const at = await pane();
      return at === "notices" || steps === 0 ? at : stepsIn(steps - 1);
    };
    await page.locator('.svelte-flow__node[data-id="late"]').click();
    expect(await stepsIn(12)).toBe("notices");
    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: "Notices" }).getByText("The load was late").waitFor({ state: "detached" });
    expect(await pane()).toBeDefined();
    expect(await pane()).not.toBe("notices");
  });
});
