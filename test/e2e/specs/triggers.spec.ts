import { AxeBuilder } from "@axe-core/playwright";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openWeb, type Studio } from "../launch";
import { TriggersPage } from "../pages/triggers-page";

const WORKFLOW = `id: orders
name: Orders
version: 1.0.0
triggers:
  - {type: schedule, cron: "0 6 * * *", timezone: Africa/Nairobi}
  - {type: webhook, path: /hooks/orders}
  - {type: apg_event, event_pattern: order.*}
components:
  - {id: keep, type: start}
outputs: "{{ event.type }}"
`;

let studio: Studio | undefined;
const folders: string[] = [];
afterEach(async () => {
  await studio?.close();
  studio = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A studio on a workspace with a workflow that has triggers, all off. */
async function opened(): Promise<TriggersPage> {
  const folder = mkdtempSync(join(tmpdir(), "apg-triggers-"));
  folders.push(folder);
  const file = join(folder, "orders.workflow.yaml");
  writeFileSync(file, WORKFLOW);
  const workspace = join(folder, "workspace");
  const program = resolve(process.env["APG_OUT"] ?? "out", "main/cli.js");
  const imported = spawnSync(process.execPath, [program, "import", file, "--workspace", workspace], {
    env: { ...process.env, XDG_DATA_HOME: join(folder, "user") },
    encoding: "utf8",
  });
  expect(imported.status, imported.stderr).toBe(0);
  studio = await openWeb({ workspace });
  const on = new TriggersPage(studio.page);
  await on.show();
  return on;
}

describe("the workspace's triggers", () => {
  it("a webhook is turned on, heard at the address shown, and leads to its execution", async () => {
    const on = await opened();
    await on.turn("POST /hooks/orders");
    await on.notice("The trigger of Orders is on while a host runs.").waitFor();
    await on.row("POST /hooks/orders").click();
    const answer = await fetch(await on.address(), { method: "POST", body: "{}" });
    expect(answer.status).toBe(202);
    await on.row("POST /hooks/orders").getByRole("img", { name: "started" }).waitFor();
    await on.page.getByRole("button", { name: "Open the execution" }).click();
    await on.page.waitForURL(/#\/execution\//);
  });

  it("an event that is posted starts what listens for it, and a schedule is started once by hand", async () => {
    const on = await opened();
    await on.post("order.paid", '{"id": 1}');
    await on.notice("Nothing listens for this event.").waitFor();
    await on.turn("order.*");
    await on.notice("The trigger of Orders is on while a host runs.").waitFor();
    await on.post("order.paid", '{"id": 2}');
    await on.notice("1 execution started.").waitFor();
    await on.row("0 6 * * * Africa/Nairobi").click();
    await on.page.keyboard.press("Control+Enter");
    await on.notice("An execution has started.").waitFor();
  });

  it("has nothing that a reader or a keyboard cannot use", async () => {
    const on = await opened();
    await on.turn("0 6 * * * Africa/Nairobi");
    await on.row("0 6 * * * Africa/Nairobi").click();
    await on.page.emulateMedia({ reducedMotion: "reduce" });
    for (const theme of ["light", "dark", "contrast"]) {
      await on.page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
      const { violations } = await new AxeBuilder({ page: on.page }).analyze();
      expect(violations.map(({ id, nodes }) => `${theme}: ${id} ${nodes[0]?.html ?? ""}`)).toEqual([]);
    }
  });
});
