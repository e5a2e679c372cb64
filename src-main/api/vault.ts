import { unreachable } from "@shared/base/bug";
import type { VaultProblem } from "../trust/vault";
import { type Fault, valueOf } from "./fault";
import { os } from "./implementer";
import type { Rooms } from "./rooms";
import { ticks } from "./ticks";

/** The vault: unlocked, guarded, left unguarded. */
export function vaultApi({ vault }: Pick<Rooms, "vault">) {
  const api = os.vault;
  return {
    state: api.state.handler(() => vault.state()),
    unlock: api.unlock.handler(async ({ input }) =>
      valueOf(await vault.unlock(input.passphrase, input.remember), vaultSentence),
    ),
    guard: api.guard.handler(async ({ input }) =>
      valueOf(await vault.guard(input.current, input.next, input.remember), vaultSentence),
    ),
    unguard: api.unguard.handler(async ({ input }) => valueOf(await vault.unguard(input.current), vaultSentence)),
    forget: api.forget.handler(() => {
      vault.forget();
      return null;
    }),
    changes: api.changes.handler(({ signal }) => ticks((listener) => vault.listen(listener), signal)),
  };
}

/** Refuses a call that needs the vault while it is locked. */
export function needOpen({ vault }: Pick<Rooms, "vault">): void {
  valueOf(vault.mustBeOpen(), vaultSentence);
}

/** What a window is told about the vault. */
function vaultSentence(problem: VaultProblem): Fault {
  switch (problem.kind) {
    case "vault-locked":
      return {
        code: "LOCKED",
        what: "The vault of this workspace is locked.",
        todo: "Unlock it with its passphrase under Workspace, Secrets.",
      };
    case "passphrase-needed":
      return {
        code: "INVALID",
        what: "The vault is guarded by a passphrase.",
        where: "current",
        todo: "Give the present one.",
      };
    case "passphrase-wrong":
      return {
        code: "INVALID",
        what: "That is not the passphrase of this workspace.",
        where: "current",
        todo: "Nothing was changed; try again.",
      };
    case "passphrase-short":
      return {
        code: "INVALID",
        what: `A passphrase has at least ${problem.shortest} characters.`,
        where: "next",
        todo: "Nothing was changed.",
      };
    case "key-damaged":
      return {
        code: "CONFLICT",
        what: "vault.key of this workspace is damaged: it is no key.",
        todo: "Put a copy of it in its place; without it, secrets cannot be read.",
      };
    default:
      return unreachable(problem);
  }
}
