import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openStore } from "../../src-main/store/store";
import { changePassphrase, keyFileOf, workspaceKey } from "../../src-main/store/vault-key";
import { freshFolder, freshStore } from "./folder";

const FIRST = "correct horse battery";
const OTHER = "another staple";

async function withSecret(): Promise<{ readonly folder: string; readonly file: string; readonly key: Buffer }> {
  const folder = freshFolder();
  const store = freshStore(folder);
  store.secrets.set({ API_KEY: "value-of-the-key" });
  const file = keyFileOf(folder);
  return { folder, file, key: readFileSync(file) };
}

it("a passphrase wraps the key, so that the file alone opens nothing", async () => {
  const { folder, file, key } = await withSecret();
  expect(await changePassphrase(file, undefined, FIRST)).toMatchObject({ ok: true });
  const kept = readFileSync(file);
  expect(kept.includes(key)).toBe(false);
  expect(kept.includes(key.toString("base64"))).toBe(false);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openStore(folder)).toMatchObject({ ok: false, problem: { kind: "passphrase-needed" } });
  const opened = openStore(folder, { key: { passphrase: FIRST } });
  if (!opened.ok) throw new Error(opened.problem.kind);
  expect(opened.value.secrets.open("API_KEY")).toEqual({ value: "value-of-the-key" });
  await opened.value.close();
});

it("a wrong passphrase opens and changes nothing", async () => {
  const { folder, file } = await withSecret();
  await changePassphrase(file, undefined, FIRST);
  const before = readFileSync(file);
  const files = readdirSync(folder);
  expect(openStore(folder, { key: { passphrase: OTHER } })).toMatchObject({ problem: { kind: "passphrase-wrong" } });
  expect(await changePassphrase(file, OTHER, "a third one")).toMatchObject({ problem: { kind: "passphrase-wrong" } });
  expect(await changePassphrase(file, undefined, "a third one")).toMatchObject({
    problem: { kind: "passphrase-needed" },
  });
  expect(await changePassphrase(file, OTHER, undefined)).toMatchObject({ problem: { kind: "passphrase-wrong" } });
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(folder)).toEqual(files);
});

it("a passphrase is changed and removed, and the key is the same all along", async () => {
  const { file, key } = await withSecret();
  await changePassphrase(file, undefined, FIRST);
  expect(await changePassphrase(file, FIRST, OTHER)).toMatchObject({ ok: true });
  expect(workspaceKey(file, { passphrase: FIRST })).toMatchObject({ problem: { kind: "passphrase-wrong" } });
  expect(workspaceKey(file, { passphrase: OTHER })).toEqual({ ok: true, value: key });
  expect(await changePassphrase(file, OTHER, undefined)).toMatchObject({ ok: true });
  expect(readFileSync(file)).toEqual(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("letters written in two ways are one passphrase", async () => {
  const { file, key } = await withSecret();
  await changePassphrase(file, undefined, "caf\u00e9 au lait");
  expect(workspaceKey(file, { passphrase: "cafe\u0301 au lait" })).toEqual({ ok: true, value: key });
});

it("a file that is no key is told, and never replaced", async () => {
  const { file } = await withSecret();
  for (const text of ["", "short", '{"kind":"apg-vault-key","kdf":"scrypt","n":1073741824,"r":8,"p":1}']) {
    writeFileSync(file, text);
    expect(workspaceKey(file, { passphrase: FIRST })).toMatchObject({ problem: { kind: "key-damaged" } });
    expect(readFileSync(file, "utf8")).toBe(text);
  }
});

it("what a process left aside when it was killed goes, and the key is the one before", async () => {
  const { folder, file, key } = await withSecret();
  await changePassphrase(file, undefined, FIRST);
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const left = `${file}.${ended}.0123abcd`;
  writeFileSync(left, key);
  writeFileSync(`${file}.copy`, "somebody's own");
  expect(workspaceKey(file, { passphrase: FIRST })).toEqual({ ok: true, value: key });
  expect(existsSync(left)).toBe(false);
  expect(readdirSync(folder)).toContain("vault.key.copy");
});
