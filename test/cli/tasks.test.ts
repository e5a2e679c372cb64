import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { apg, PROGRAM } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-cli-tasks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workspace = ["--workspace", join(folder, "workspace")];
const file = join(folder, "approval.workflow.yaml");
writeFileSync(
  file,
  `id: approval
version: 1.0.0
components:
  - id: approve
    type: human_task
    name: Approve it
    config:
      assignee: ada
      form: {type: object, required: [approved], properties: {approved: {type: boolean}, pin: {type: string}}}
outputs: {said: "{{ approve.output }}"}
`,
);

/** Runs the workflow, and answers what it says it waits for with `act` before it is waited for. */
async function run(
  act: (execution: string) => Promise<void>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, "run", file, ...workspace]);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const waits = new Promise<string>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      const said = /waiting {4}approve {2}for a person \(ada\): apg tasks answer (\S+) approve/.exec(stderr);
      if (said?.[1] !== undefined) resolve(said[1]);
    });
    child.once("close", () => resolve(""));
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    await act(await waits);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return { code: await closed, stdout, stderr };
}

describe("apg tasks", () => {
  it("lists none where nobody is asked", async () => {
    const { code, stdout } = await apg(["tasks", ...workspace]);
    expect([code, stdout]).toEqual([0, "No task is open.\n"]);
    const answered = await apg(["tasks", "list", "--answered", ...workspace]);
    expect(answered.stdout).toBe("No task has been answered.\n");
  });

  it("shows what a run waits for, refuses what the form does not take, and takes one answer", async () => {
    const ended = await run(async (execution) => {
      expect(execution).not.toBe("");
      const listed = await apg(["tasks", ...workspace]);
      expect(listed.stdout).toMatch(/^EXECUTION +PATH +TASK +ASSIGNEE +DEADLINE\n/);
      expect(listed.stdout).toMatch(new RegExp(`${execution} +approve +Approve it +ada`));
      const rows = JSON.parse((await apg(["tasks", "list", "--json", ...workspace])).stdout) as readonly object[];
      expect(rows).toMatchObject([{ executionId: execution, path: "approve", form: { required: ["approved"] } }]);

      const answer = (...more: string[]) => apg(["tasks", "answer", execution, "approve", ...more, ...workspace]);
      expect(await answer()).toMatchObject({ code: 2, stderr: expect.stringContaining("--json") as string });
      expect(await answer("--json", "{")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("no JSON") as string,
      });
      expect(await answer("--set", "approved=perhaps")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("approved") as string,
      });
      const good = await answer("--set", "approved=true", "--set", "pin=0042", "--by", "ada");
      expect(good).toMatchObject({ code: 0, stderr: "approve is answered.\n" });
      const again = await answer("--set", "approved=false");
      expect(again.code).toBe(2);
      expect(again.stderr).toMatch(/already/);
    });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual({ said: { approved: true, pin: "0042" } });
    expect(ended.stderr.match(/waiting {4}approve/g)).toHaveLength(1);
    const answered = await apg(["tasks", "list", "--answered", ...workspace]);
    expect(answered.stdout).toMatch(/approve +Approve it +ada +\d{4}-/);
  });

  it("knows neither executions nor tasks that are not there", async () => {
    const { code, stderr } = await apg([
      "tasks",
      "answer",
      "01none",
      "approve",
      "--set",
      "approved=true",
      ...workspace,
    ]);
    expect([code, stderr]).toEqual([2, 'There is no execution 01none; "apg executions list" shows them.\n']);
  });

  it("are withdrawn when their execution is stopped from another terminal", async () => {
    const ended = await run(async (execution) => {
      const stopped = await apg(["executions", "stop", execution, ...workspace]);
      expect(stopped).toMatchObject({ code: 0, stderr: `${execution} is cancelled.\n` });
      const again = await apg(["executions", "stop", execution, ...workspace]);
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("cancelled") as string });
    });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("Stopped from the command line.");
    expect((await apg(["tasks", ...workspace])).stdout).toBe("No task is open.\n");
  });
});
