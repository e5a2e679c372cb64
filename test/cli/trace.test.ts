import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Json } from "@shared/base/json";
import type { Entry } from "@shared/execution/event";
import { traceDifference } from "@shared/execution/trace";
import { EXAMPLES, readExample, runExample } from "../examples/run-example";
import { apg } from "./apg";

/** Examples whose outcomes depend on nothing outside: no network, no times in their files' facts. */
const IDS = ["hello_parallel", "ticket_routing"];

/** A start without what belongs to one host: its seed, and the text a file had. */
function alike(entry: Entry): Entry {
  if (entry.event.kind !== "execution-started") return entry;
  const { definitionText: _text, ...event } = entry.event;
  return { ...entry, event: { ...event, seed: "" } };
}

describe("every host tells the same story", () => {
  const folder = mkdtempSync(join(tmpdir(), "apg-trace-"));
  cpSync(EXAMPLES, join(folder, "examples"), { recursive: true, filter: (from) => !from.endsWith("/output") });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const id of IDS) {
    it(`${id} through the command line is ${id} in memory`, async () => {
      const input = join(folder, "examples", `${id}.input.json`);
      const memory = await runExample(readExample(id), JSON.parse(readFileSync(input, "utf8")) as Json, {
        folder: join(folder, "examples"),
        hosts: {},
      });
      const workspace = join(folder, "workspace");
      const ran = await apg([
        "run",
        join(folder, "examples", `${id}.workflow.yaml`),
        "--input",
        input,
        "--json",
        "--quiet",
        "--workspace",
        workspace,
      ]);
      expect(ran.stderr).toBe("");
      const { execution_id: execution } = JSON.parse(ran.stdout) as { readonly execution_id: string };
      const journal = await apg(["executions", "journal", execution, "--json", "--workspace", workspace]);
      const entries = journal.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Entry);
      expect(traceDifference(memory.entries.map(alike), entries.map(alike))).toBeUndefined();
    });
  }
});
