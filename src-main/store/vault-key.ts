import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt, scryptSync } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "@shared/base/result";
import { isJsonObject } from "@shared/base/json";

/** Why the workspace's key cannot be read. */
export type KeyProblem =
  | { readonly kind: "passphrase-needed" | "passphrase-wrong" }
  /** `vault.key` is neither a key nor a key under a passphrase. */
  | { readonly kind: "key-damaged" };

/** What opens the workspace's key: a passphrase, or the key itself where something of the system kept it. */
export interface KeyGiven {
  readonly passphrase?: string;
  readonly kept?: Buffer;
}

/** The file in a workspace's folder that holds its key. */
export function keyFileOf(folder: string): string {
  return join(folder, "vault.key");
}

const KEY_BYTES = 32;
const KIND = "apg-vault-key";
/** What wrapping binds the key to. */
const ABOUT = Buffer.from(KIND);
const COST = { n: 2 ** 17, r: 8, p: 1 };
/** More than this a file may not ask for: deriving would take the machine's memory. */
const MOST = { n: 2 ** 20, r: 16, p: 16 };

/** The workspace's key, made at first use; readable by the user alone. */
export function workspaceKey(file: string, given: KeyGiven = {}): Result<Buffer, KeyProblem> {
  if (!existsSync(file)) makeKey(file);
  const bytes = readFileSync(file);
  if (bytes.length === KEY_BYTES) return ok(bytes);
  const wrapped = wrappedIn(bytes);
  if (wrapped === undefined) return fail({ kind: "key-damaged" });
  sweep(file);
  if (given.kept?.length === KEY_BYTES) return ok(given.kept);
  if (given.passphrase === undefined) return fail({ kind: "passphrase-needed" });
  return keyIn(wrapped, derivedNow(given.passphrase, wrapped.salt, wrapped));
}

/** The key of `file`, opened with `passphrase` and without holding up whoever asks meanwhile. */
export async function openKey(file: string, passphrase: string | undefined): Promise<Result<Buffer, KeyProblem>> {
  const bytes = readFileSync(file);
  if (bytes.length === KEY_BYTES) return ok(bytes);
  const wrapped = wrappedIn(bytes);
  if (wrapped === undefined) return fail({ kind: "key-damaged" });
  if (passphrase === undefined) return fail({ kind: "passphrase-needed" });
  return keyIn(wrapped, await derived(passphrase, wrapped.salt, wrapped));
}

/** Whether the key in `file` lies under a passphrase. */
export function isUnderPassphrase(file: string): boolean {
  return existsSync(file) && readFileSync(file).length !== KEY_BYTES;
}

/** A short name for what `file` holds: another one as soon as the passphrase changes. */
export function keyFileDigest(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/**
 * Puts the workspace's key under `next`, or without it back into the file as it is. `current` opens it now. The key itself
 * stays the same, so that nothing sealed has to be written again; an end in between leaves the file as it was.
 *
 * @returns the key.
 */
export async function changePassphrase(
  file: string,
  current: string | undefined,
  next: string | undefined,
): Promise<Result<Buffer, KeyProblem>> {
  const key = await openKey(file, current);
  if (!key.ok) return key;
  const bytes = next === undefined ? key.value : await wrap(key.value, next);
  const aside = besides(file);
  try {
    writeWhole(aside, bytes);
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
  return key;
}

/** Written aside and linked into place, so that two hosts starting together agree on one whole key. */
function makeKey(file: string): void {
  const aside = besides(file);
  writeWhole(aside, randomBytes(KEY_BYTES));
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(aside);
  }
}

function besides(file: string): string {
  return `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
}

/** Removes what a process wrote aside and was ended before it could put into place: it may be the key as it is. */
function sweep(file: string): void {
  const begins = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    const pid = name.startsWith(begins) ? /^(\d+)\.[0-9a-f]{8}$/.exec(name.slice(begins.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(dirname(file), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** On the disk, not only on its way: a key that is lost cannot be made again. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    writeSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  // Windows has no such thing for folders.
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

interface Wrapped {
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
}

type Cost = Pick<Wrapped, "n" | "r" | "p">;

/** What two keyboards write for the same letters is the same passphrase. */
function written(passphrase: string): string {
  return passphrase.normalize("NFKC");
}

function derivedNow(passphrase: string, salt: Buffer, { n, r, p }: Cost): Buffer {
  return scryptSync(written(passphrase), salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r });
}

function derived(passphrase: string, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(written(passphrase), salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
}

async function wrap(key: Buffer, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await derived(passphrase, salt, COST), nonce).setAAD(ABOUT);
  const sealed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  const texts = { salt: salt.toString("base64"), nonce: nonce.toString("base64"), sealed: sealed.toString("base64") };
  return Buffer.from(`${JSON.stringify({ kind: KIND, kdf: "scrypt", ...COST, ...texts })}\n`);
}

function keyIn({ nonce, sealed }: Wrapped, under: Buffer): Result<Buffer, KeyProblem> {
  const decipher = createDecipheriv("aes-256-gcm", under, nonce).setAAD(ABOUT);
  decipher.setAuthTag(sealed.subarray(KEY_BYTES));
  const key = decipher.update(sealed.subarray(0, KEY_BYTES));
  try {
    return ok(Buffer.concat([key, decipher.final()]));
  } catch {
    // The one way GCM tells of a wrong key.
    return fail({ kind: "passphrase-wrong" });
  }
}

function wrappedIn(bytes: Buffer): Wrapped | undefined {
  const json = jsonOf(bytes.toString("utf8"));
  if (!isJsonObject(json) || json["kind"] !== KIND || json["kdf"] !== "scrypt") return undefined;
  const cost = (name: "n" | "r" | "p"): number => {
    const said = json[name];
    return typeof said === "number" && Number.isInteger(said) && said >= 1 && said <= MOST[name] ? said : 0;
  };
  const part = (name: string): Buffer => Buffer.from(typeof json[name] === "string" ? json[name] : "", "base64");
  const wrapped = {
    n: cost("n"),
    r: cost("r"),
    p: cost("p"),
    salt: part("salt"),
    nonce: part("nonce"),
    sealed: part("sealed"),
  };
  const isPower = wrapped.n > 1 && Number.isInteger(Math.log2(wrapped.n));
  if (!isPower || wrapped.r === 0 || wrapped.p === 0) return undefined;
  return wrapped.nonce.length === 12 && wrapped.sealed.length === KEY_BYTES + 16 ? wrapped : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
