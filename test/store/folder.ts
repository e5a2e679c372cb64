import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { openStore } from "../../src-main/store/store";
import type { Store } from "../../src-main/store/store";

const folders: string[] = [];
const open: Store[] = [];

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "apg-"));
  folders.push(folder);
  return folder;
}

/** An open workspace that is closed after the test. */
export function freshStore(folder = freshFolder()): Store {
  const opened = openStore(folder);
  if (!opened.ok) throw new Error(opened.problem.kind);
  open.push(opened.value);
  return opened.value;
}
