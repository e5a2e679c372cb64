import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ok } from "@shared/base/result";
import { openKept } from "../../src-main/compose/passphrase";
import { keyKeeper } from "../../src-main/shell/kept-key";
import { changePassphrase, keyFileOf, workspaceKey, type KeyGiven } from "../../src-main/store/vault-key";
import { keychain } from "./keychain";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "apg-keys-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("the key is kept in the system's keychain until the passphrase changes", async () => {
  const file = keyFileOf(folder);
  const key = workspaceKey(file);
  if (!key.ok) throw new Error(key.problem.kind);
  await changePassphrase(file, undefined, "correct horse battery");
  const keys = join(folder, "keys");
  const keeper = keyKeeper(keychain("gnome_libsecret"), keys, "linux");
  const opens: KeyGiven[] = [];
  const open = (given: KeyGiven) => {
    opens.push(given);
    return ok(null);
  };
  process.env["APG_PASSPHRASE"] = "correct horse battery";
  openKept(folder, keeper, open);
  expect(process.env["APG_PASSPHRASE"]).toBeUndefined();
  openKept(folder, keeper, open);
  expect(opens).toEqual([{ passphrase: "correct horse battery" }, { kept: key.value }]);
  for (const name of readdirSync(keys))
    expect(readFileSync(join(keys, name)).includes(key.value.toString("base64"))).toBe(false);
  expect(openKept(folder, keyKeeper(keychain("kwallet6"), keys, "linux"), open).ok).toBe(true);
  expect(opens.at(-1)).toEqual({ passphrase: "correct horse battery" });
  await changePassphrase(file, "correct horse battery", "another staple");
  openKept(folder, keeper, open);
  expect(opens.at(-1)).toEqual({ passphrase: "correct horse battery" });
});

it("nothing is kept where the system only hides it", () => {
  const keys = join(folder, "keys");
  for (const backend of ["basic_text", "unknown"]) {
    const keeper = keyKeeper(keychain(backend), keys, "linux");
    keeper.keep("name", randomBytes(32));
    expect(keeper.read("name")).toBeUndefined();
  }
  expect(existsSync(keys)).toBe(false);
});
