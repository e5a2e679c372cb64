import { fail, ok, type Result } from "@shared/base/result";
import type { VaultState } from "@shared/contract/vault";

/** Why the vault was not unlocked, or is not guarded otherwise. */
export type VaultProblem =
  | { readonly kind: "passphrase-needed" | "passphrase-wrong" | "key-damaged" }
  | { readonly kind: "passphrase-short"; readonly shortest: number }
  /** What needs the vault was asked for while it is locked. */
  | { readonly kind: "vault-locked" };

/** The lock on the workspace's key. Composition hands it in. */
export interface LockPort {
  readonly isOpen: boolean;
  readonly isGuarded: boolean;
  unlock(passphrase: string): Promise<Result<null, VaultProblem>>;
  change(current: string | undefined, next: string | undefined): Promise<Result<null, VaultProblem>>;
  /** Calls `listener` when the vault is opened or guarded otherwise; returns the way to stop. */
  listen(listener: () => void): () => void;
}

/** The system's keychain, for the key of this workspace as its file was when this was asked for. */
export interface KeptPort {
  readonly isKept: boolean;
  keep(): void;
  forget(): void;
}

/** A passphrase has at least so many characters. */
const SHORTEST = 8;

/** The vault of a workspace, as windows see it: locked or open, guarded or not. Passphrases pass through and are kept nowhere. */
export class Vault {
  constructor(
    private readonly lock: LockPort,
    /** Absent where the system has no keychain. */
    private readonly kept?: () => KeptPort,
  ) {}

  state(): VaultState {
    const { isOpen, isGuarded } = this.lock;
    const canRemember = this.kept !== undefined;
    return { isOpen, isGuarded, canRemember, isRemembered: isGuarded && this.kept?.().isKept === true };
  }

  /** A problem unless the vault is open. */
  mustBeOpen(): Result<null, VaultProblem> {
    return this.lock.isOpen ? ok(null) : fail({ kind: "vault-locked" });
  }

  async unlock(passphrase: string, remember: boolean): Promise<Result<null, VaultProblem>> {
    const opened = await this.lock.unlock(passphrase);
    if (opened.ok && remember) this.kept?.().keep();
    return opened;
  }

  /** Puts the key under `next`; `current` opens it where it is guarded. What the keychain keeps follows. */
  async guard(current: string | undefined, next: string, remember: boolean): Promise<Result<null, VaultProblem>> {
    if (next.length < SHORTEST) return fail({ kind: "passphrase-short", shortest: SHORTEST });
    return this.change(current, next, remember);
  }

  /** Takes the passphrase away. */
  unguard(current: string): Promise<Result<null, VaultProblem>> {
    return this.change(current, undefined, false);
  }

  /** Has the keychain keep the key no longer. */
  forget(): void {
    this.kept?.().forget();
  }

  listen(listener: () => void): () => void {
    return this.lock.listen(listener);
  }

  private async change(
    current: string | undefined,
    next: string | undefined,
    remember: boolean,
  ): Promise<Result<null, VaultProblem>> {
    const before = this.kept?.();
    const changed = await this.lock.change(current, next);
    if (!changed.ok) return changed;
    before?.forget();
    if (remember) this.kept?.().keep();
    return changed;
  }
}
