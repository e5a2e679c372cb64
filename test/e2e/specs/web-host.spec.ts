import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { launchBrowser, newPage, startWebHost, webHostCommand } from "../launch";

const workspace = mkdtempSync(join(tmpdir(), "apg-workspace-"));
afterAll(() => rmSync(workspace, { recursive: true, force: true, maxRetries: 5 }));

function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const [command, ...before] = webHostCommand();
  const host = spawn(command!, [...before, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  host.stdout.on("data", (data: Buffer) => (said += data.toString()));
  host.stderr.on("data", (data: Buffer) => (said += data.toString()));
  return new Promise((resolve) => host.once("exit", (code) => resolve({ code, said: said.trim() })));
}

describe("the web host's process", () => {
  it("ends in order when it is told to", async () => {
    const host = await startWebHost(workspace);
    const over = new Promise((resolve) => host.process.once("exit", (code) => resolve(code)));
    host.process.kill("SIGTERM");
    expect(await over).toBe(0);
  });

  it("says in one sentence that a port is taken", async () => {
    const host = await startWebHost(workspace);
    const port = new URL(host.address).port;
    try {
      expect(await run("--no-open", "--port", port, "--workspace", workspace)).toEqual({
        code: 1,
        said: `Port ${port} is in use. Name another one with --port, or 0 for any.`,
      });
    } finally {
      await host.close();
    }
  });

  it.each([
    [["--port", "x"], "--port takes a number from 0 to 65535"],
    [["--port", "70000"], "--port takes a number from 0 to 65535"],
    [["--colour"], "Known: --port N, --workspace DIR, --no-open"],
    [["extra"], "Known: --port N, --workspace DIR, --no-open"],
  ])("says in one sentence what is wrong with %j", async (args, sentence) => {
    const { code, said } = await run(...args);
    expect(code).toBe(2);
    expect(said).toContain(sentence);
    expect(said.split("\n")).toHaveLength(1);
  });

  it("says in one sentence why a workspace cannot be opened", async () => {
    const file = join(workspace, "a-file");
    writeFileSync(file, "");
    expect(await run("--no-open", "--workspace", file)).toEqual({
      code: 1,
      said: `${file} is not a folder. Name another one with --workspace.`,
    });
    const damaged = join(workspace, "damaged");
    mkdirSync(damaged);
    writeFileSync(join(damaged, "workspace.db"), "This is no database, whatever its name says. ".repeat(100));
    const { code, said } = await run("--no-open", "--workspace", damaged);
    expect([code, said.split("\n").length]).toEqual([1, 1]);
    expect(said).toContain("is damaged");
  });

  it("takes no more than 150 MB while it waits", async () => {
    const host = await startWebHost(workspace);
    const browser = await launchBrowser();
    try {
      const page = await newPage(browser);
      await page.goto(host.address);
      await page.getByRole("heading", { name: "Workflows" }).first().waitFor();
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${host.process.pid}/status`, "utf8"))?.[1]);
      expect(kilobytes / 1024).toBeLessThan(150);
    } finally {
      await browser.close();
      await host.close();
    }
  });

  it("takes the token out of the address, and a reload needs none", async () => {
    const host = await startWebHost(workspace);
    const browser = await launchBrowser();
    try {
      const page = await newPage(browser);
      await page.goto(host.address);
      await page.getByText("Customer Data Processing").first().waitFor();
      expect(page.url()).not.toContain("token");
      await page.reload();
      await page.getByText("Customer Data Processing").first().waitFor();
    } finally {
      await browser.close();
      await host.close();
    }
  });
});
