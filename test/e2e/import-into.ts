import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

/** A workspace of its own, for one test, into which workflows were imported, by the names of their files. */
export function workspaceWith(workflows: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), "apg-story-"));
  // After the hooks that close the studio.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = join(folder, "workspace");
  const files = Object.entries(workflows).map(([name, text]) => {
    const file = join(folder, `${name}.workflow.yaml`);
    writeFileSync(file, text);
    return file;
  });
  const cli = join(resolve(process.env["APG_OUT"] ?? "out"), "main/cli.js");
  const done = spawnSync(process.execPath, [cli, "import", ...files, "--workspace", workspace], {
    encoding: "utf8",
    env: { ...process.env, XDG_DATA_HOME: join(workspace, "user") },
  });
  if (done.status !== 0) throw new Error(`the import failed:\n${done.stdout}${done.stderr}`);
  return workspace;
}
