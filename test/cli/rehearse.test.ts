import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { apg } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-rehearse-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, "nightly.workflow.yaml");
writeFileSync(
  file,
  `id: nightly
name: Nightly
version: 1.0.0
purpose: Fetch at night
triggers:
  - {type: schedule, cron: "30 2 * * *", timezone: Europe/Berlin}
  - {type: schedule, cron: "0 12 * * *", timezone: UTC, overlap: skip}
components:
  - id: fetch
    type: map
    config: {records: [{n: 1}]}
    retry_policy: {max_attempts: 4, initial_delay_ms: 1800000, max_delay_ms: 7200000, jitter: false}
`,
);
const faults = join(folder, "faults.yaml");
writeFileSync(faults, "faults: [{component: fetch, during: {after: 23h, for: 3h}, status: 503}]\n");

function rehearse(...args: string[]): ReturnType<typeof apg> {
  return apg(["run", file, "--schedule", "2d", "--workspace", join(folder, "workspace"), ...args]);
}

describe("apg run --schedule", () => {
  it("prints a line for each time a schedule is due, in its zone, and how many came to what", async () => {
    const { code, stdout, stderr } = await rehearse("--from", "2026-03-28T00:00Z", "--faults", faults);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/in \d+ ms +\S+/, "SOON").replace(/ 01\S+/, " ID"))).toEqual([
      "2026-03-28T02:30:00+01:00  completed  SOON  trigger 1",
      "2026-03-28T12:00:00Z       completed  SOON  trigger 2",
      "2026-03-29T03:00:00+02:00  completed  in 1 h 30 min  ID  trigger 1",
      "2026-03-29T12:00:00Z       completed  SOON  trigger 2",
    ]);
    expect(stderr).toContain("4 firings are due from 2026-03-28T00:00:00.000Z to 2026-03-30T00:00:00.000Z.\n");
    expect(stderr).toContain("4 due: 4 completed, from 2026-03-28T00:00:00.000Z to 2026-03-30T00:00:00.000Z");
    expect(code).toBe(0);
  });

  it("counts each start that was missed, and tells in one line when they were due", async () => {
    const hourly = join(folder, "hourly.workflow.yaml");
    writeFileSync(
      hourly,
      `id: hourly
name: Hourly
triggers: [{type: schedule, cron: "0 * * * *", timezone: UTC}]
components: [{id: keep, type: map, config: {records: [{n: 1}]}}]
`,
    );
    writeFileSync(faults, "asleep: [{after: 90m, for: 3h}]\n");
    const run = ["run", hourly, "--schedule", "6h", "--from", "2026-03-28T00:00Z", "--faults", faults];
    const { stdout, stderr } = await apg([...run, "--workspace", join(folder, "workspace")]);
    const missed = "and 2026-03-28T03:00:00Z, 2026-03-28T04:00:00Z  The machine slept; missed is skip.";
    expect(stdout).toMatch(new RegExp(`^2026-03-28T02:00:00Z +missed +${missed}$`, "m"));
    expect(stderr).toContain("6 due: 3 completed, 3 missed, from");
  });

  it("gives the same as JSON, and ends with 1 when an execution failed", async () => {
    writeFileSync(faults, "faults: [{component: fetch, during: {after: 23h, for: 9h}, status: 503}]\n");
    const { code, stdout } = await rehearse("--from", "2026-03-28T00:00Z", "--faults", faults, "--json");
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ workflow_id: "nightly", counts: { completed: 3, failed: 1 } });
    expect(report.firings[2]).toMatchObject({
      scheduled_at: "2026-03-29T01:00:00.000Z",
      trigger: 1,
      cron: "30 2 * * *",
      timezone: "Europe/Berlin",
      missed: 0,
      status: "failed",
      error: { type: "server_error", component: "fetch" },
    });
    expect(code).toBe(1);
  });

  it("starts executions of the workspace, which has them afterwards", async () => {
    const { stdout } = await rehearse("--from", "2026-03-28T00:00Z", "--json");
    const [first] = JSON.parse(stdout).firings as { readonly execution_id: string }[];
    const shown = await apg([
      "executions",
      "show",
      first!.execution_id,
      "--json",
      "--workspace",
      join(folder, "workspace"),
    ]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ workflow_id: "nightly", status: "completed" });
  });

  it.each([
    [["--schedule", "soon"], "--schedule soon: is no span of time"],
    [["--schedule", "99999999999d"], "or more than ten years"],
    [["--schedule", "1h", "--from", "soon"], "--from soon: is no moment"],
    [["--from", "2026-03-28"], "--from goes with --schedule"],
    [["--schedule", "1h", "--param", "a=1"], "takes neither --input nor --param"],
  ])("refuses %j", async (args, sentence) => {
    const { code, stderr } = await apg(["run", file, "--workspace", join(folder, "workspace"), ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it("refuses a workflow that no schedule starts", async () => {
    const plain = join(folder, "plain.workflow.yaml");
    writeFileSync(plain, "id: plain\nversion: 1.0.0\ncomponents:\n  - {id: keep, type: start}\n");
    const { code, stderr } = await apg(["run", plain, "--schedule", "1h", "--workspace", join(folder, "workspace")]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("has no schedule trigger")]);
  });
});
