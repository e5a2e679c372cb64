import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { apg } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-trust-"));
const workspace = ["--workspace", join(folder, "workspace")];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("secrets are set, listed without values, imported, deleted and brought back", async () => {
  const set = await apg(["secrets", "set", "API_KEY", ...workspace], { input: "value-of-the-key\n" });
  expect([set.code, set.stderr]).toEqual([0, "API_KEY is set.\n"]);
  writeFileSync(join(folder, ".env"), "# ours\nONE=first-value\nnothing\nexport TWO='second value'\n");
  const imported = await apg(["secrets", "import", join(folder, ".env"), ...workspace]);
  expect(imported.stderr).toContain(":3: is no NAME=value line");
  expect(imported.stderr).toContain("ONE, TWO: set.");
  const listed = await apg(["secrets", "list", "--json", ...workspace]);
  expect((JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name)).toEqual(["API_KEY", "ONE", "TWO"]);
  expect(listed.stdout).not.toContain("value-of-the-key");
  expect((await apg(["secrets", "delete", "ONE", ...workspace])).code).toBe(0);
  expect((await apg(["secrets", "delete", "ONE", ...workspace])).code).toBe(2);
  expect((await apg(["secrets", "restore", "ONE", ...workspace])).code).toBe(0);
});

it("a workflow runs in the environment that is named, with its values and secrets", async () => {
  await apg(["environments", "set", "prod", "REGION=eu", "TIER=gold", ...workspace]);
  const file = join(folder, "region.workflow.yaml");
  writeFileSync(
    file,
    'id: region\ncomponents:\n  - id: write_note\n    type: log\n    config: {message: "in {{ env.REGION }}"}\noutputs: {region: "{{ env.REGION }}", key: "{{ secrets.API_KEY }}"}\n',
  );
  const run = await apg(["run", file, "--env", "prod", "--json", ...workspace]);
  expect(JSON.parse(run.stdout)).toMatchObject({ output: { region: "eu", key: "[REDACTED]" } });
  writeFileSync(join(folder, "more.env"), "REGION=us\n");
  const over = await apg(["run", file, "--env", "prod", "--env", join(folder, "more.env"), "--json", ...workspace]);
  expect(JSON.parse(over.stdout)).toMatchObject({ output: { region: "us" } });
  const wrong = await apg(["run", file, "--env", "nowhere", ...workspace]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("neither an environment of the workspace (dev, test, prod) nor a file");
});

it("a connection's sensitive settings are refused in plain", async () => {
  const set = (...settings: string[]) =>
    apg([
      "connections",
      "set",
      "shop",
      "--kind",
      "postgresql",
      "host=h",
      "database=d",
      "user=u",
      ...settings,
      ...workspace,
    ]);
  const plain = await set("password=in-the-open");
  expect(plain.code).toBe(2);
  expect(plain.stderr).toContain("password of the connection shop is written in plain");
  expect(plain.stderr).not.toContain("in-the-open");
  expect((await set("password={{ secrets.API_KEY }}")).code).toBe(0);
  const listed = await apg(["connections", "list", "--json", ...workspace]);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: "shop", kind: "postgresql" }]);
});

it("what an imported workflow needs and the workspace lacks is said", async () => {
  const file = join(folder, "needs.workflow.yaml");
  writeFileSync(
    file,
    'id: needs\ncomponents:\n  - id: call_crm\n    type: http_request\n    config: {connection: crm, url: /a, headers: {x: "{{ secrets.CRM }}", y: "{{ secrets.API_KEY }}"}}\n',
  );
  const { stderr } = await apg(["import", file, ...workspace]);
  expect(stderr).toContain('It needs the secret CRM: "apg secrets set CRM".');
  expect(stderr).toContain("It needs the connection crm");
  expect(stderr).not.toContain("API_KEY");
});
