import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { apg, PROGRAM } from "./apg";

const folders: string[] = [];
const studios = new Set<ChildProcess>();

afterEach(async () => {
  for (const studio of studios) await ended(studio, "SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function ended(studio: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  studios.delete(studio);
  return new Promise((resolve) => {
    studio.once("close", () => resolve());
    studio.kill(signal);
  });
}

/** A workspace with one workflow that listens to everything. */
async function workspace(): Promise<{ readonly folder: string; call(...args: string[]): ReturnType<typeof apg> }> {
  const folder = mkdtempSync(join(tmpdir(), "apg-cli-triggers-"));
  folders.push(folder);
  process.env["XDG_DATA_HOME"] = join(folder, "user");
  const file = join(folder, "orders.workflow.yaml");
  writeFileSync(
    file,
    `id: orders
version: 1.0.0
triggers:
  - {type: schedule, cron: "0 6 * * *", timezone: UTC}
  - {type: webhook, path: /hooks/orders, response_mode: when_finished, signature: {secret: "{{ secrets.HOOK_KEY }}"}}
  - {type: apg_event, event_pattern: order.*}
components:
  - {id: keep, type: start}
outputs: "{{ event.type }}"
`,
  );
  const call = (...args: string[]) => apg([...args, "--workspace", join(folder, "workspace")]);
  const imported = await call("import", file);
  expect(imported.stderr + imported.stdout).toContain("orders");
  return { folder, call };
}

/** A studio on the workspace, once its triggers may fire. */
async function studio(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [
    PROGRAM,
    "serve-studio",
    "--no-open",
    "--workspace",
    join(folder, "workspace"),
  ]);
  studios.add(child);
  await new Promise<void>((resolve) =>
    child.stdout.on("data", (text: Buffer) => text.includes("http://") && resolve()),
  );
  return child;
}

/** Asks again until it is as wanted. */
async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  const until = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it("triggers are listed, turned on and fired from the command line", async () => {
  const { folder, call } = await workspace();
  const off = await call("triggers", "list");
  expect(off.stdout).toMatch(/orders\s+1\s+schedule\s+0 6 \* \* \* UTC\s+off/);
  expect((await call("triggers", "enable", "orders", "4")).code).toBe(2);
  const on = await call("triggers", "enable", "orders");
  expect([on.code, on.stderr]).toEqual([0, expect.stringContaining("orders 3: apg_event order.* is on.")]);
  const rows = JSON.parse((await call("triggers", "list", "orders", "--json")).stdout) as Record<string, unknown>[];
  expect(rows.map((row) => [row["type"], row["enabled"], row["nextAt"] !== undefined])).toEqual([
    ["schedule", true, true],
    ["webhook", true, false],
    ["apg_event", true, false],
  ]);

  const unheard = await call("emit", "order.paid", "--json", '{"id": 1}');
  expect([unheard.code, unheard.stdout]).toEqual([0, "order.paid: started 0, woke 0.\n"]);
  expect(unheard.stderr).toContain("No studio runs on this workspace");
  expect((await call("triggers", "fire", "orders")).stderr).toContain("No studio runs on this workspace");
  expect((await call("emit", "execution.completed")).code).toBe(2);
  expect((await call("emit", "order.paid", "--json", "{")).code).toBe(2);

  await studio(folder);
  const listed = async () => JSON.parse((await call("executions", "list", "--json")).stdout) as { status: string }[];
  await eventually(listed, (all) => all.length === 1 && all[0]?.status === "completed");
  const heard = await call("emit", "order.paid");
  expect([heard.stdout, heard.stderr]).toEqual(["order.paid: started 1, woke 0.\n", ""]);
  const fired = await call("triggers", "fire", "orders", "1");
  expect(fired.code, fired.stderr).toBe(0);
  const shown = await eventually(
    () => call("executions", "show", fired.stdout.trim(), "--json"),
    ({ stdout }) => stdout.includes('"completed"'),
  );
  expect(JSON.parse(shown.stdout)).toMatchObject({ status: "completed", output: "schedule" });
  expect((await call("triggers", "disable", "orders", "3")).stderr).toContain("is off.");
  expect((await call("emit", "order.paid")).stdout).toBe("order.paid: started 0, woke 0.\n");
});

it("a webhook that a command turns on is heard by the time the command ends", async () => {
  const { folder, call } = await workspace();
  await studio(folder);
  expect((await call("triggers", "enable", "orders", "2")).code).toBe(0);
  const [, hook] = JSON.parse((await call("triggers", "list", "--json")).stdout) as { address: string }[];
  // Heard, and not proved: the secret is not in the workspace.
  expect((await fetch(hook?.address ?? "", { method: "POST", body: "{}" })).status).toBe(503);
});

it("when the studio that fires is killed, the other answers at the same address within seconds", async () => {
  const { folder, call } = await workspace();
  await call("triggers", "enable", "orders", "2");
  const key = join(folder, "key.env");
  writeFileSync(key, "HOOK_KEY=planted-hook-key\n");
  expect((await call("secrets", "import", key)).code).toBe(0);
  const first = await studio(folder);
  const address = async () => {
    const [, hook] = JSON.parse((await call("triggers", "list", "--json")).stdout) as { address?: string }[];
    return hook?.address;
  };
  const url = (await eventually(address, (found) => found !== undefined)) ?? "";
  const post = async (body: string) => {
    const digest = createHmac("sha256", "planted-hook-key").update(body).digest("hex");
    const answer = await fetch(url, { method: "POST", body, headers: { "x-signature": `sha256=${digest}` } }).catch(
      () => undefined,
    );
    return answer && { status: answer.status, said: (await answer.json()) as Record<string, unknown> };
  };
  expect(await post('{"n":1}')).toMatchObject({ status: 200, said: { status: "completed", output: "webhook" } });
  await studio(folder);
  await ended(first, "SIGKILL");
  const again = await eventually(
    () => post('{"n":2}'),
    (answer) => answer !== undefined,
  );
  expect(again).toMatchObject({ status: 200, said: { output: "webhook" } });
  expect(await post('{"n":1}')).toMatchObject({ status: 409 });
  expect(JSON.parse((await call("executions", "list", "--json")).stdout)).toHaveLength(2);
});
