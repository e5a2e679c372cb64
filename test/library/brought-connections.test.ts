import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openHost, type Host } from "../../src-main/compose/host";

const made: string[] = [];
let host: Host | undefined;
afterEach(async () => {
  await host?.close();
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("a copied example brings its connection, and leaves one of that name alone", async () => {
  const workspace = mkdtempSync(join(tmpdir(), "apg-brought-"));
  made.push(workspace);
  const opened = openHost({ kind: "web", workspace });
  if (!opened.ok) throw new Error(opened.problem.kind);
  host = opened.value;
  const { rooms, store } = host;
  const own = { name: "nightly_store", kind: "sqlite" as const, settings: { "*": { file: "own.sqlite" } }, serves: [] };
  expect((await rooms.examples.copy("nightly_import")).ok).toBe(true);
  expect(store.connections.get("nightly_store")).toMatchObject({
    settings: { "*": { file: "output/nightly.sqlite" } },
  });
  store.connections.set(own);
  expect((await rooms.examples.copy("nightly_import")).ok).toBe(true);
  expect(store.connections.get("nightly_store")).toMatchObject(own);
});
