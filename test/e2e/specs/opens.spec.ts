import { afterEach, describe, expect, it } from "vitest";
import { hosts, type Studio } from "../launch";

let studio: Studio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

describe.each(hosts)("the studio on the %s host", (kind, open) => {
  it("opens on the library, with the examples to copy", async () => {
    studio = await open();
    const { page, errors } = studio;
    await page.getByRole("heading", { name: "Workflows" }).first().waitFor();
    expect(await page.title()).toContain("APG Workflow Studio");
    expect(errors).toEqual([]);
    expect(studio.kind).toBe(kind);
  });

  it("keeps Node and Electron out of the page", async () => {
    studio = await open();
    await studio.page.getByRole("heading", { name: "Workflows" }).first().waitFor();
    const reachable = await studio.page.evaluate(() =>
      ["require", "process", "module", "electron", "ipcRenderer"].filter((name) => name in globalThis),
    );
    expect(reachable).toEqual([]);
  });
});
