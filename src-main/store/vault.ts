import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Database, Statement } from "better-sqlite3";
import type { VaultLock } from "./vault-lock";

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM; the tag follows the text. `about` ties the bytes to their row, so that rows cannot be swapped. */
export function seal(key: Buffer, text: string, about: string): { readonly nonce: Buffer; readonly sealed: Buffer } {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(about));
  return { nonce, sealed: Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]) };
}

/** The text, or `undefined` when key, row or bytes are not the ones it was sealed with. */
export function unseal(key: Buffer, nonce: Buffer, sealed: Buffer, about: string): string | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  const text = decipher.update(sealed.subarray(0, sealed.length - TAG));
  try {
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    // The one way GCM tells of a wrong key or changed bytes.
    return undefined;
  }
}

/** Sensitive values of executions. */
export class Vault {
  private readonly put: Statement;
  private readonly take: Statement;

  constructor(
    db: Database,
    private readonly lock: VaultLock,
  ) {
    this.put = db.prepare("INSERT OR REPLACE INTO vault (execution, id, nonce, sealed) VALUES (?, ?, ?, ?)");
    this.take = db.prepare(
      "SELECT nonce, sealed FROM vault JOIN executions ON executions.number = vault.execution WHERE executions.id = ? AND vault.id = ?",
    );
  }

  /** Part of a turn's transaction. */
  write(execution: number, executionId: string, entry: string, text: string): void {
    const { nonce, sealed } = seal(this.lock.key, text, `${executionId}/${entry}`);
    this.put.run(execution, entry, nonce, sealed);
  }

  /** The text; `undefined` when it is gone, was sealed under another key, or the vault is locked: what looks on shows it redacted. */
  open(executionId: string, entry: string): string | undefined {
    if (!this.lock.isOpen) return undefined;
    const row = this.take.get(executionId, entry) as { nonce: Buffer; sealed: Buffer } | undefined;
    return row === undefined ? undefined : unseal(this.lock.key, row.nonce, row.sealed, `${executionId}/${entry}`);
  }
}
