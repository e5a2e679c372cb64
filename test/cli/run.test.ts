import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { apg } from "./apg";

const examples = resolve("resources/examples");

describe("apg run", () => {
  const folder = mkdtempSync(join(tmpdir(), "apg-run-"));
  const workspace = join(folder, "workspace");
  const copy = join(folder, "examples");
  cpSync(examples, copy, { recursive: true, filter: (from) => !from.endsWith("/output") });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("processes the guide's customers and lists the rejected ones with reasons", async () => {
    const ended = await apg([
      "run",
      join(copy, "customer_data_processing.workflow.yaml"),
      "--json",
      "--workspace",
      workspace,
    ]);
    expect(ended.stderr).toMatch(/completed {2}extract_crm_customers/);
    expect(ended.code).toBe(0);
    const report = JSON.parse(ended.stdout);
    expect(report).toMatchObject({ workflow_id: "customer_data_processing", status: "completed", warnings: [] });
    expect(Object.keys(report).sort()).toEqual([
      "components",
      "duration_ms",
      "execution_id",
      "output",
      "status",
      "warnings",
      "workflow_id",
      "workflow_version",
    ]);
    const validated = Object.values(
      report.components as Record<
        string,
        { type: string; output: { rejected: { errors: unknown[] }[]; valid_count: number; rejected_count: number } }
      >,
    ).find((one) => one.type === "validate")?.output;
    expect(validated?.rejected_count).toBeGreaterThan(0);
    for (const rejected of validated?.rejected ?? []) expect(rejected.errors.length).toBeGreaterThan(0);
    const shown = await apg(["executions", "show", report.execution_id, "--json", "--workspace", workspace]);
    expect(JSON.parse(shown.stdout)).toEqual(report);
  });

  it("ends with 1 and the failed component when an execution fails", async () => {
    const file = join(folder, "fails.workflow.yaml");
    writeFileSync(
      file,
      "id: fails\nname: Fails\nversion: 1.0.0\npurpose: Fail\ncomponents:\n  - {id: refuse, type: validate, name: Refuse it, config: {records: [{a: 1}], schema: {required: [b]}, on_validation_error: fail}}\n",
    );
    const ended = await apg(["run", file, "--json", "--quiet", "--workspace", workspace]);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      status: "failed",
      error: { type: "validation_error", component: "refuse" },
    });
    expect(ended.stderr).toBe("");
  });

  it.skipIf(process.platform === "win32")("reads its input from a pipe", async () => {
    const file = join(folder, "piped.workflow.yaml");
    writeFileSync(
      file,
      'id: piped\nname: Piped\nversion: 1.0.0\npurpose: Read\ncomponents:\n  - {id: give, type: end, name: Give it, config: {output: "{{ input_data.name }}"}}\n',
    );
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const written = writeFile(pipe, '{"name":"Ada"}');
    const ended = await apg(["run", file, "--json", "--input", pipe, "--workspace", workspace]);
    await written;
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: "completed", output: "Ada" });
  });

  it("says where an expression failed", async () => {
    const file = join(folder, "misses.workflow.yaml");
    writeFileSync(
      file,
      'id: misses\nname: Misses\nversion: 1.0.0\npurpose: Miss a field\ncomponents:\n  - {id: say, type: log, name: Say it, config: {message: "{{ input_data.nam }}"}}\n',
    );
    const ended = await apg(["run", file, "--json", "--input", "-", "--workspace", workspace], {
      input: '{"name":"Ada"}',
    });
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { type: "expression_error", component: "say", place: "config.message" },
    });
    expect(ended.stderr).toMatch(/did you mean `name`\?.*\(config\.message\)/);
  });

  it("reads parameters by their types, input from standard input and values from an environment file", async () => {
    const file = join(folder, "typed.workflow.yaml");
    writeFileSync(
      file,
      'id: typed\nname: Typed\nversion: 1.0.0\npurpose: Echo\nparameters:\n  count: {type: integer}\n  label: {type: string}\n  source: {type: object, properties: {url: {type: string}}}\ncomponents:\n  - {id: finish, type: end, name: Finish, config: {output: {count: "{{ count }}", label: "{{ label }}", url: "{{ source.url }}", seen: "{{ input_data.x }}", region: "{{ env.REGION }}"}}}\n',
    );
    writeFileSync(join(folder, "values.env"), 'REGION="EU"\n');
    const ended = await apg(
      [
        "run",
        file,
        "--json",
        "--quiet",
        "--workspace",
        workspace,
        "--param",
        "count=3",
        "--param",
        "label=3",
        "--param",
        "source.url=http://a",
        "--input",
        "-",
        "--env",
        join(folder, "values.env"),
      ],
      { input: '{"x": [1]}' },
    );
    expect(ended.stderr).toBe("");
    expect(JSON.parse(ended.stdout).output).toEqual({ count: 3, label: "3", url: "http://a", seen: [1], region: "EU" });
  });

  it("cancels on SIGINT and ends with 130", async () => {
    const file = join(folder, "endless.workflow.yaml");
    writeFileSync(
      file,
      'id: endless\nname: Endless\nversion: 1.0.0\npurpose: Never end\ncomponents:\n  - {id: say, type: log, name: Say it, config: {message: begun}}\n  - {id: spin, type: code, name: Spin on, config: {source: "for (;;) {}", timeout: 60}}\n',
    );
    let sent = false;
    const ended = await apg(["run", file, "--workspace", workspace], {
      during: (stderr, kill) => {
        if (sent || !stderr.includes("completed  say")) return;
        sent = true;
        kill("SIGINT");
      },
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain("cancelled");
  });

  it("gives a bundle's result in an empty folder, with only the built program", async () => {
    const bundle = join(folder, "airports.apgb");
    const exported = await apg([
      "bundle",
      "export",
      join(copy, "airports_flights.workflow.yaml"),
      "-o",
      bundle,
      "--json",
    ]);
    expect(exported.stderr).toBe("");
    const twice = join(folder, "airports-2.apgb");
    await apg(["bundle", "export", join(copy, "airports_flights.workflow.yaml"), "-o", twice]);
    expect(readFileSync(twice).equals(readFileSync(bundle))).toBe(true);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const here = await apg([
      "run",
      join(copy, "airports_flights.workflow.yaml"),
      "--json",
      "--quiet",
      "--workspace",
      workspace,
    ]);
    const there = await apg(["run", bundle, "--json", "--quiet", "--workspace", join(empty, "workspace")], {
      cwd: empty,
    });
    expect(there.stderr).toBe("");
    expect(JSON.parse(there.stdout).output).toEqual(JSON.parse(here.stdout).output);
    const bytes = readFileSync(bundle);
    const at = bytes.indexOf("workflows/airports_flights") + 80;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(bundle, bytes);
    const verified = await apg(["bundle", "verify", bundle]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain("workflows/airports_flights.workflow.yaml");
    expect((await apg(["run", bundle, "--workspace", workspace])).code).toBe(2);
  });

  it("backs a workspace up and restores it elsewhere", async () => {
    const backup = join(folder, "backup.db");
    expect((await apg(["backup", backup, "--workspace", workspace])).code).toBe(0);
    const other = join(folder, "other");
    expect((await apg(["restore", backup, "--workspace", other])).code).toBe(0);
    const [before, after] = await Promise.all(
      [workspace, other].map((one) => apg(["executions", "list", "--json", "--workspace", one])),
    );
    expect(JSON.parse(after?.stdout ?? "")).toEqual(JSON.parse(before?.stdout ?? "null"));
  });
});
