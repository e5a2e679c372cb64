import { Bug } from "@shared/base/bug";
import { fail, ok, type Result } from "@shared/base/result";
import {
  changePassphrase,
  isUnderPassphrase,
  keyFileDigest,
  openKey,
  workspaceKey,
  type KeyGiven,
  type KeyProblem,
} from "./vault-key";

/** Holds the workspace's key once it is open; all that seals asks here. */
export class VaultLock {
  private readonly listeners = new Set<() => void>();
  /** Attempts go one after another, so that many at once are no faster than one. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: string,
    private held: Buffer | undefined,
  ) {}

  /** The key. Asked for while the vault is locked only by mistake: what needs it is refused before. */
  get key(): Buffer {
    if (this.held === undefined) throw new Bug("the vault is locked");
    return this.held;
  }

  get isOpen(): boolean {
    return this.held !== undefined;
  }

  /** Whether the file lies under a passphrase, which another process may have changed. */
  get isGuarded(): boolean {
    return isUnderPassphrase(this.file);
  }

  /** A short name for what the file holds: another one as soon as the passphrase changes. */
  get digest(): string {
    return keyFileDigest(this.file);
  }

  /** Resolves once the vault is open. */
  async opened(): Promise<void> {
    if (this.isOpen) return;
    await new Promise<void>((resolve) => {
      const stop = this.listen(() => {
        if (!this.isOpen) return;
        stop();
        resolve();
      });
    });
  }

  /** Opens the vault, or says whether `passphrase` is right where it is open already. */
  unlock(passphrase: string): Promise<Result<null, KeyProblem>> {
    return this.next(() => openKey(this.file, passphrase));
  }

  /** Puts the key under `next`, or without it back into the file as it is; `current` opens it where it is guarded. */
  change(current: string | undefined, next: string | undefined): Promise<Result<null, KeyProblem>> {
    return this.next(() => changePassphrase(this.file, current, next));
  }

  /** Calls `listener` when the vault is opened or guarded otherwise; returns the way to stop. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private next(act: () => Promise<Result<Buffer, KeyProblem>>): Promise<Result<null, KeyProblem>> {
    const done = this.line.then(async () => {
      const opened = await act();
      if (!opened.ok) return opened;
      this.held ??= opened.value;
      for (const listener of [...this.listeners]) listener();
      return ok(null);
    });
    // Whoever asked is told of what went wrong; the next attempt does not depend on it.
    this.line = done.catch(() => undefined);
    return done;
  }
}

/** The lock over `file`, opened with `given`; one that cannot be opened so stays locked where it `mayBeLocked`. */
export function lockOver(file: string, given: KeyGiven, mayBeLocked: boolean): Result<VaultLock, KeyProblem> {
  const key = workspaceKey(file, given);
  if (key.ok) return ok(new VaultLock(file, key.value));
  return mayBeLocked && key.problem.kind !== "key-damaged" ? ok(new VaultLock(file, undefined)) : fail(key.problem);
}
