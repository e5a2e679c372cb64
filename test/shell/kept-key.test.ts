import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ok } from "@shared/base/result";
import { openKept } from "../../src-main/compose/passphrase";
import { keyKeeper, type SafeStorage } from "../../src-main/shell/kept-key";
import { changePassphrase, keyFileOf, workspaceKey, type KeyGiven } from "../../src-main/store/vault-key";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "apg-keys-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A keychain of its own: what another one encrypted it cannot read. */
function keychain(backend: string): SafeStorage {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => backend,
    encryptString(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    decryptString(bytes) {
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16));
      return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
    },
  };
}

it("the key is kept in the system's keychain until the passphrase changes", () => {
  const file = keyFileOf(folder);
  const key = workspaceKey(file);
  if (!key.ok) throw new Error(key.problem.kind);
  changePassphrase(file, undefined, "correct horse battery");
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
  changePassphrase(file, "correct horse battery", "another staple");
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
