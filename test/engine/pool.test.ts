import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { NULL_VALUE } from "@shared/execution/value";
import { openPool } from "../../src-main/engine/pool";
import childEntry from "../../src-main/worker/child-entry?modulePath";
import duck from "../../src-main/worker/data/duck?modulePath";
import entry from "../../src-main/worker/entry?modulePath";
import remoteEntry from "../../src-main/worker/remote-entry?modulePath";

/*
 * The pool asks for a thread's module by `require`. For a module with a default export Node makes a second module then, and a thread that
 * is ended while it does so aborts the process (`CreateRequiredModuleFacade`, seen once in some 2,000 ends in that moment).
 */
it("the module of a thread has no default export, with which an ended thread could take the host along", async () => {
  const room: object = await import(pathToFileURL(entry).href);
  expect(Object.keys(room)).toContain("work");
  expect(Object.keys(room)).not.toContain("default");
});

it.each(["thread", "remote", "child"] as const)("a closed pool starts nothing more (%s)", async (lane) => {
  const pool = openPool({ entry, childEntry, remoteEntry });
  await pool.close();
  pool.warm();
  const work = {
    executionId: "e",
    workflowId: "w",
    path: "a",
    attempt: 1,
    key: "k",
    correlationId: "c",
    type: "code",
    config: NULL_VALUE,
    input: NULL_VALUE,
    limits: {},
    place: { folder: "/", allowed: [], hosts: {}, trusted: false, scratch: "/", datasets: "/" },
    texts: {},
    secrets: {},
  };
  const { signal } = new AbortController();
  expect(await pool.carry(work, lane, signal, () => undefined)).toMatchObject({ error: { type: "cancelled" } });
  await expect(pool.think({ kind: "decide" })).rejects.toThrow("closing");
  expect(pool.info()).toEqual({ workers: 0, busy: 0 });
});

it("a thread that is asked for DuckDB refuses: ended while it loads, it would take the process along", async () => {
  const thread = new Worker(
    `import(${JSON.stringify(pathToFileURL(duck).href)}).then(({ withDuck }) =>
       withDuck({ memoryMb: 64, scratch: "/", signal: new AbortController().signal }, async () => "loaded"))
     .then(String, String).then((said) => require("node:worker_threads").parentPort.postMessage(said));`,
    { eval: true },
  );
  const [said] = (await once(thread, "message")) as [string];
  await thread.terminate();
  expect(said).toContain("DuckDB was asked for in a thread");
});
