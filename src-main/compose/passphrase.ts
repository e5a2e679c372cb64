import { existsSync } from "node:fs";
import type { Result } from "@shared/base/result";
import type { VaultKey } from "../cli/vault";
import type { KeptPort } from "../trust/vault";
import type { VaultLock } from "../store/vault-lock";
import {
  changePassphrase,
  isUnderPassphrase,
  keyFileDigest,
  keyFileOf,
  workspaceKey,
  type KeyGiven,
} from "../store/vault-key";
import { workspaceSentence, type WorkspaceProblem } from "./workspace";

const NAME = "APG_PASSPHRASE";
const NEXT = "APG_NEW_PASSPHRASE";
const taken = new Map<string, string>();

/** What a variable of the environment says. It is taken out, so that nothing which is started from here inherits it. */
function take(name: string): string | undefined {
  const said = process.env[name];
  delete process.env[name];
  if (said !== undefined && said !== "") taken.set(name, said);
  return taken.get(name);
}

/** The passphrase that `APG_PASSPHRASE` gave, or that was typed before in this process. */
function passphraseGiven(): KeyGiven {
  const passphrase = take(NAME);
  return passphrase === undefined ? {} : { passphrase };
}

/** Opens with what is known; where a passphrase is missing and somebody sits at a terminal, asks for it. */
export async function openAsking<T>(
  open: (key: KeyGiven) => Result<T, WorkspaceProblem>,
): Promise<Result<T, WorkspaceProblem>> {
  const opened = open(passphraseGiven());
  if (opened.ok || opened.problem.kind !== "passphrase-needed" || !process.stdin.isTTY) return opened;
  const { hiddenText } = await import("../cli/asking");
  const typed = await hiddenText(`Passphrase of ${opened.problem.folder}: `);
  if (typed === "") return opened;
  taken.set(NAME, typed);
  return open({ passphrase: typed });
}

/** Something of the system's that keeps keys by name. */
export interface KeyKeeper {
  /** Whether the system guards what it keeps. */
  readonly isAble: boolean;
  read(name: string): Buffer | undefined;
  keep(name: string, key: Buffer): void;
  forget(name: string): void;
}

/** What `keeper` has of the key under `lock`; nothing where the system does not guard what it keeps. */
export function keptOf(lock: VaultLock, keeper: KeyKeeper | undefined): (() => KeptPort) | undefined {
  if (keeper?.isAble !== true) return undefined;
  return () => {
    // Named by what the file holds: once the passphrase changes, it is needed again.
    const name = lock.digest;
    return {
      isKept: keeper.read(name) !== undefined,
      keep: () => keeper.keep(name, lock.key),
      forget: () => keeper.forget(name),
    };
  };
}

/** Opens with the key that the system kept; else with the passphrase given, and has the system keep the key then. */
export function openKept<T>(
  folder: string,
  keeper: KeyKeeper,
  open: (key: KeyGiven) => Result<T, WorkspaceProblem>,
): Result<T, WorkspaceProblem> {
  const file = keyFileOf(folder);
  const given = passphraseGiven();
  if (!isUnderPassphrase(file)) return open(given);
  const name = keyFileDigest(file);
  const kept = keeper.read(name);
  if (kept !== undefined) return open({ kept });
  const opened = open(given);
  if (!opened.ok) return opened;
  const key = workspaceKey(file, given);
  if (key.ok) keeper.keep(name, key.value);
  return opened;
}

/** The key's file of the workspace in `folder`, for the command that sets its passphrase. */
export function vaultKeyOf(folder: string): VaultKey | undefined {
  const file = keyFileOf(folder);
  if (!existsSync(file)) return undefined;
  const current = take(NAME);
  const next = take(NEXT);
  return {
    folder,
    isUnderPassphrase: isUnderPassphrase(file),
    ...(current === undefined ? {} : { current }),
    ...(next === undefined ? {} : { next }),
    async change(from, to) {
      const changed = await changePassphrase(file, from, to);
      return changed.ok ? undefined : workspaceSentence({ ...changed.problem, folder });
    },
  };
}
