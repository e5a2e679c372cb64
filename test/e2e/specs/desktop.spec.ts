import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openDesktop } from "../launch";

type Desktop = Awaited<ReturnType<typeof openDesktop>>;
let studio: Desktop | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

const library = (desktop: Desktop) => desktop.page.getByRole("heading", { name: "Workflows" }).first().waitFor();

describe("the desktop window", () => {
  it("does what its menu says, by the window's own commands", async () => {
    studio = await openDesktop();
    await library(studio);
    const choose = (id: string) =>
      studio!.app.evaluate(({ Menu }, item) => void Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id);
    await choose("app.palette");
    await studio.page.getByRole("dialog").waitFor();
    await studio.page.keyboard.press("Escape");
    await choose("go.settings");
    await studio.page.getByRole("heading", { name: "Settings" }).first().waitFor();
  });

  it("opens links outside, and no window of its own", async () => {
    studio = await openDesktop();
    await library(studio);
    await studio.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Object.assign(globalThis, { opened });
      shell.openExternal = async (url) => void opened.push(url);
    });
    await studio.page.evaluate(() => {
      window.open("https://example.org/guide");
      window.open("file:///etc/passwd");
      window.open("javascript:alert(1)");
    });
    const opened = () =>
      studio!.app.evaluate(() => (globalThis as unknown as { readonly opened: readonly string[] }).opened);
    await expect.poll(opened).toEqual(["https://example.org/guide"]);
    expect(studio.app.windows()).toHaveLength(1);
  });

  it("refuses permissions, and every page but its own", async () => {
    studio = await openDesktop();
    await library(studio);
    const answers = await studio.app.evaluate(({ session }) => {
      const { _permissionCheck } = session.defaultSession as unknown as {
        readonly _permissionCheck: (contents: unknown, permission: string) => boolean;
      };
      return ["media", "geolocation", "notifications", "openExternal", "clipboard-read"].map((permission) =>
        _permissionCheck(null, permission),
      );
    });
    expect(answers).toEqual([false, false, false, false, true]);
    const outside = await studio.page.evaluate(() => fetch("../../package.json").then((answer) => answer.status));
    expect(outside).toBe(404);
  });

  it("runs under a policy that lets no foreign code in", async () => {
    studio = await openDesktop();
    await library(studio);
    const ran = await studio.page.evaluate(() => {
      const inline = document.createElement("script");
      inline.textContent = "globalThis.inlineRan = true";
      document.head.append(inline);
      return "inlineRan" in globalThis;
    });
    expect(ran).toBe(false);
  });

  it("opens a file it was started with, in place", async () => {
    const folder = mkdtempSync(join(tmpdir(), "apg-file-"));
    const file = join(folder, "from_disk.workflow.yaml");
    writeFileSync(file, "id: from_disk\nname: From the disk\ncomponents:\n  - id: say\n    type: log\n");
    try {
      studio = await openDesktop({ files: [file] });
      await studio.page
        .getByRole("navigation")
        .getByText(/from.(the.)?disk/i)
        .first()
        .waitFor();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("asks for files with the system's dialog", async () => {
    const folder = mkdtempSync(join(tmpdir(), "apg-file-"));
    const file = join(folder, "chosen_one.workflow.yaml");
    writeFileSync(file, "id: chosen_one\nname: Chosen\ncomponents:\n  - id: say\n    type: log\n");
    try {
      studio = await openDesktop();
      await library(studio);
      await studio.app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
      }, file);
      await studio.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById("workflow.import")?.click());
      await studio.page
        .getByText(/chosen/i)
        .first()
        .waitFor();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("keeps its place for the next time", async () => {
    const workspace = mkdtempSync(join(tmpdir(), "apg-workspace-"));
    const user = mkdtempSync(join(tmpdir(), "apg-user-"));
    try {
      studio = await openDesktop({ workspace, user });
      await library(studio);
      await studio.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.setBounds({ x: 120, y: 60, width: 1300, height: 820 }),
      );
      await studio.close();
      studio = await openDesktop({ workspace, user });
      // The first page is there a moment before its window is.
      await library(studio);
      const bounds = await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
      expect(bounds).toEqual({ x: 120, y: 60, width: 1300, height: 820 });
    } finally {
      await studio?.close();
      studio = undefined;
      for (const made of [workspace, user]) rmSync(made, { recursive: true, force: true });
    }
  });
});
