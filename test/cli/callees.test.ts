import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { apg } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-callees-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flows = join(folder, "flows");
mkdirSync(flows);
const written = (name: string, text: string): string => {
  writeFileSync(join(flows, name), text);
  return join(flows, name);
};
const caller = written(
  "caller.workflow.yaml",
  `id: caller
components:
  - {id: begin, type: log, config: {message: begins}}
  - {id: ask, type: workflow_call, config: {workflow_id: asked, version: ^1.0.0}}
outputs: {answer: "{{ ask.output.answer }}"}
`,
);
written(
  "asked.workflow.yaml",
  `id: asked
version: 1.2.0
components:
  - {id: answer, type: end, config: {output: {answer: beside}}}
`,
);
const crash = written("crash.yaml", "crash_host_at_step: 1\nfaults: []\n");

describe.skipIf(process.platform === "win32")("a workflow that calls what only its own run can find", () => {
  it.each(["the file beside it", "what came with its bundle"])(
    "finds %s again after its host was killed",
    { timeout: 120_000 },
    async (where) => {
      const isBundle = where.includes("bundle");
      const workspace = ["--workspace", join(folder, isBundle ? "bundled" : "beside")];
      const bundle = join(folder, "caller.apgb");
      if (isBundle) expect((await apg(["bundle", "export", caller, "-o", bundle, ...workspace])).code).toBe(0);
      const killed = await apg(["run", isBundle ? bundle : caller, "--faults", crash, ...workspace]);
      expect(killed.code).not.toBe(0);
      const resumed = await apg(["resume", "--json", ...workspace]);
      expect(resumed.code).toBe(0);
      expect(JSON.parse(resumed.stdout)).toMatchObject({ status: "completed", output: { answer: "beside" } });
    },
  );
});

describe("a called workflow that lost a race", () => {
  it("has undone what it did when the run is over", { timeout: 60_000 }, async () => {
    const file = written(
      "racing.workflow.yaml",
      `id: racing
components:
  - id: race
    type: parallel
    config:
      wait_for_all: false
      branches:
        - {id: slow, components: [{id: ask, type: workflow_call, config: {workflow_id: undone}}]}
        - {id: quick, components: [{id: pause, type: wait, config: {duration: 0.5}}]}
`,
    );
    written(
      "undone.workflow.yaml",
      `id: undone
components:
  - {id: begin, type: log, config: {message: begins}}
  - {id: sleep, type: wait, config: {duration: 1h}}
compensation:
  begin:
    component: code
    config: {source: "throw new Error('not yet')"}
    retry_policy: {max_attempts: 2, initial_delay_ms: 700, jitter: false, retryable_errors: [component_error]}
`,
    );
    const workspace = ["--workspace", join(folder, "raced")];
    expect((await apg(["run", file, ...workspace])).code).toBe(0);
    const listed = await apg(["executions", "list", "--json", ...workspace]);
    expect((JSON.parse(listed.stdout) as { status: string }[]).map(({ status }) => status).sort()).toEqual([
      "cancelled",
      "completed",
    ]);
  });
});
