import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { apg } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-privacy-"));
const workspace = ["--workspace", join(folder, "workspace")];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("what executions keep of a person is erased, and counted", async () => {
  const file = join(folder, "person.workflow.yaml");
  writeFileSync(file, 'id: person\ncomponents: []\noutputs: {email: "{{ input.email }}"}\n');
  const input = join(folder, "input.json");
  writeFileSync(input, '{"email": "ada@example.com"}');
  await apg(["run", file, "--input", input, "--quiet", ...workspace]);
  const erase = (...args: string[]) => apg(["privacy", "erase", "--field", "email", ...args, ...workspace]);
  const trial = await erase("--value", "ada@example.com", "--dry-run", "--json");
  expect(JSON.parse(trial.stdout)).toMatchObject({ executions: 1, under_way: 0 });
  expect(trial.stderr).toContain("1 execution, 0 cached values and 0 event payloads would be removed.");
  const done = await apg(["privacy", "erase", "--field", "email", "--value", "-", "--json", ...workspace], {
    input: "ada@example.com\n",
  });
  expect([done.code, JSON.parse(done.stdout)]).toEqual([
    0,
    expect.objectContaining({ executions: 1, overwritten: true }),
  ]);
  const listed = await apg(["executions", "list", "--json", ...workspace]);
  expect(JSON.parse(listed.stdout)).toEqual([]);
  expect((await apg(["privacy", "erase", "--value", "a", ...workspace])).code).toBe(2);
});
