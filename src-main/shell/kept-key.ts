import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What of Electron's `safeStorage` is needed. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** On Linux only. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
}

/** Whether the system guards what is stored by more than a key that everybody knows. */
function isGuarded(storage: SafeStorage, platform: NodeJS.Platform): boolean {
  if (!storage.isEncryptionAvailable()) return false;
  if (platform !== "linux") return true;
  return !["basic_text", "unknown", undefined].includes(storage.getSelectedStorageBackend?.());
}

/** Keeps a key under a name in the system's own store, so that a passphrase is not asked for each time. */
export function keyKeeper(storage: SafeStorage, folder: string, platform: NodeJS.Platform = process.platform) {
  const fileOf = (name: string): string => join(folder, `${name}.key`);
  return {
    /** Whether anything is kept at all. */
    get isAble(): boolean {
      return isGuarded(storage, platform);
    },
    /** The key; `undefined` where there is none, or the system does not open it any more. */
    read(name: string): Buffer | undefined {
      if (!isGuarded(storage, platform)) return undefined;
      try {
        return Buffer.from(storage.decryptString(readFileSync(fileOf(name))), "base64");
      } catch {
        // Not there, or of another login: the passphrase is needed again either way.
        return undefined;
      }
    },
    /** Keeps it where the system guards it, else not at all. */
    keep(name: string, key: Buffer): void {
      if (!isGuarded(storage, platform)) return;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      rmSync(fileOf(name), { force: true });
      writeFileSync(fileOf(name), storage.encryptString(key.toString("base64")), { mode: 0o600, flag: "wx" });
    },
    forget(name: string): void {
      rmSync(fileOf(name), { force: true });
    },
  };
}
