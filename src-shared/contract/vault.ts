import { oc, type } from "@orpc/contract";
import { z } from "zod";
import { faults } from "./faults";

/** How the workspace's vault stands: the key under which secrets and sensitive values are sealed. */
export interface VaultState {
  /** False until somebody gives the passphrase: nothing runs before, and no secret can be set. */
  readonly isOpen: boolean;
  /** Whether a passphrase guards the key. */
  readonly isGuarded: boolean;
  /** Whether the host has a keychain of the system's that could keep the key. */
  readonly canRemember: boolean;
  /** Whether the keychain keeps it, so that the next start of this host asks nobody. */
  readonly isRemembered: boolean;
}

const passphrase = z.string().max(1000);

/**
 * The vault: unlocked, guarded and left unguarded. A wrong passphrase is `INVALID` with `where: "current"`; attempts are made one after
 * another and each takes as long as deriving a key takes. No answer, log or journal holds a passphrase.
 */
export const vault = {
  state: oc.output(type<VaultState>()),
  /** Opens the vault; what waited for it (unfinished executions, triggers) goes on. */
  unlock: oc
    .errors(faults)
    .input(z.object({ passphrase, remember: z.boolean().default(false) }))
    .output(type<null>()),
  /** Sets the passphrase, or changes it: then `current` is the one before. `INVALID` with `where: "next"` when it is too short. */
  guard: oc
    .errors(faults)
    .input(z.object({ current: passphrase.optional(), next: passphrase, remember: z.boolean().default(false) }))
    .output(type<null>()),
  /** Takes the passphrase away: whoever reads the workspace's files can read its secrets. */
  unguard: oc
    .errors(faults)
    .input(z.object({ current: passphrase }))
    .output(type<null>()),
  /** Has the keychain keep the key no longer; the vault stays open until the host ends. */
  forget: oc.output(type<null>()),
  /** Yields a number each time the vault was opened or is guarded otherwise. */
  changes: oc.output(type<AsyncIterableIterator<number>>()),
};
