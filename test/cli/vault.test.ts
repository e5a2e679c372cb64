import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { apg } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-vault-"));
const workspace = ["--workspace", join(folder, "workspace")];
const keyFile = join(folder, "workspace", "vault.key");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = { APG_PASSPHRASE: "correct horse battery" };

it("a workspace that is not there gets no passphrase", async () => {
  const set = await apg(["vault", "passphrase", ...workspace], { env: FIRST });
  expect([set.code, set.stderr]).toEqual([2, expect.stringContaining("There is no workspace here.")]);
});

it("with a passphrase set, commands and hosts need it", { timeout: 240_000 }, async () => {
  await apg(["secrets", "set", "API_KEY", ...workspace], { input: "value-of-the-key\n" });
  const short = await apg(["vault", "passphrase", ...workspace], { env: { APG_PASSPHRASE: "short" } });
  expect([short.code, short.stderr]).toEqual([2, "A passphrase has at least 8 characters; nothing was changed.\n"]);
  const unasked = await apg(["vault", "passphrase", ...workspace]);
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("Give it in APG_PASSPHRASE")]);
  expect(readFileSync(keyFile).length).toBe(32);
  const set = await apg(["vault", "passphrase", ...workspace], { env: FIRST });
  expect([set.code, set.stderr]).toEqual([0, expect.stringContaining("is guarded by the passphrase")]);

  const missing = await apg(["secrets", "list", ...workspace]);
  expect([missing.code, missing.stdout]).toEqual([2, ""]);
  expect(missing.stderr).toContain("is guarded by a passphrase. Give it in APG_PASSPHRASE");
  const wrong = await apg(["secrets", "list", ...workspace], { env: { APG_PASSPHRASE: "something else" } });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("That is not the passphrase")]);

  const file = join(folder, "key.workflow.yaml");
  writeFileSync(file, 'id: key\ncomponents: []\noutputs: {long: "{{ size(secrets.API_KEY) }}"}\n');
  const run = await apg(["run", file, "--json", ...workspace], { env: FIRST });
  expect(run.stdout).toContain('"completed"');
});

it("it is changed with the one before, and removed", { timeout: 240_000 }, async () => {
  const before = readFileSync(keyFile);
  const next = { APG_NEW_PASSPHRASE: "another staple" };
  const wrong = await apg(["vault", "passphrase", ...workspace], {
    env: { APG_PASSPHRASE: "something else", ...next },
  });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("Nothing was changed")]);
  expect(readFileSync(keyFile)).toEqual(before);
  expect((await apg(["vault", "passphrase", ...workspace], { env: { ...FIRST, ...next } })).code).toBe(0);
  expect((await apg(["secrets", "list", ...workspace], { env: FIRST })).code).toBe(2);
  const other = { APG_PASSPHRASE: next.APG_NEW_PASSPHRASE };
  expect((await apg(["vault", "passphrase", "--remove", ...workspace], { env: other })).code).toBe(0);
  expect((await apg(["secrets", "list", ...workspace])).stdout).toContain("API_KEY");
  expect((await apg(["vault", "passphrase", "--remove", ...workspace])).code).toBe(2);
});
