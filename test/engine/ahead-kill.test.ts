import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { replay } from "@shared/execution/replay";
import hostProgram from "./host-program?modulePath";
import type { Told } from "./host-program";
import { bench, freshFolder, workflow } from "./running";

const COUNT = 12_000;
const large = workflow([
  {
    id: "make",
    type: "code",
    config: { source: `return Array.from({ length: ${COUNT} }, (_, n) => ({ n, text: "x".repeat(2000) }))` },
  },
]);

/** How many pages of values lie in the workspace. */
function pagesIn(folder: string): number {
  const file = join(folder, "workspace.db");
  if (!existsSync(file)) return 0;
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare("SELECT count(*) FROM value_pages").pluck().get() as number;
  } catch {
    // The host is still making the tables.
    return 0;
  } finally {
    db.close();
  }
}

/** Runs a host process until it has written so many pages, and kills it. */
async function killedAt(folder: string, pages: number): Promise<void> {
  const told: Told = { folder, workflow: large, parameters: {}, hosts: {}, others: [] };
  const child = spawn(process.execPath, [hostProgram, JSON.stringify(told)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await expect.poll(() => pagesIn(folder), { timeout: 30_000, interval: 1 }).toBeGreaterThanOrEqual(pages);
  child.kill("SIGKILL");
  await gone;
}

it("a host killed while it writes a large value leaves nothing that is seen, and the next one writes it whole", async () => {
  let cutShort = 0;
  for (const pages of [1, 30, 60]) {
    const folder = freshFolder();
    await killedAt(folder, pages);
    const next = bench({ folder });
    const [row] = (await next.store.reader.list({ from: 0, limit: 2 })).rows;
    if (row === undefined) throw new Error("nothing was started");
    const journal = () => next.store.reader.journal(row.id, 1, 1000);
    const made = async () =>
      (await journal()).flatMap(({ event }) =>
        event.kind === "attempt-completed" && event.path === "make" ? [event.output] : [],
      );
    if ((await made()).length === 0) cutShort += 1;
    expect(replay(await journal()).ok).toBe(true);
    await next.engine.resumeUnfinished();
    expect((await next.engine.settled(row.id)).status).toBe("completed");
    const [output, ...more] = await made();
    if (output === undefined) throw new Error("nothing was made");
    expect(more).toEqual([]);
    const read = (await next.engine.read(row.id, output)) as readonly { readonly n: number }[];
    expect(read.length).toBe(COUNT);
    expect(read.every(({ n }, index) => n === index)).toBe(true);
    await next.close();
  }
  expect(cutShort).toBeGreaterThan(0);
}, 240_000);
