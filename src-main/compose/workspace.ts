import { fail, type Result } from "@shared/base/result";
import type { SchemaProblem } from "../store/schema";
import { openStore, type Store } from "../store/store";
import type { KeyGiven, KeyProblem } from "../store/vault-key";

/** Why a workspace cannot be opened. */
export type WorkspaceProblem =
  | ((SchemaProblem | KeyProblem) & { readonly folder: string })
  | { readonly kind: "not-a-folder" | "not-allowed" | "disk-full" | "damaged"; readonly folder: string };

const KINDS: Readonly<Record<string, "not-a-folder" | "not-allowed" | "disk-full" | "damaged">> = {
  EEXIST: "not-a-folder",
  ENOTDIR: "not-a-folder",
  ENOENT: "not-a-folder",
  EACCES: "not-allowed",
  EPERM: "not-allowed",
  EROFS: "not-allowed",
  SQLITE_CANTOPEN: "not-allowed",
  SQLITE_PERM: "not-allowed",
  SQLITE_READONLY: "not-allowed",
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  SQLITE_FULL: "disk-full",
  SQLITE_NOTADB: "damaged",
  SQLITE_CORRUPT: "damaged",
};

/**
 * Opens the workspace in `folder`, and makes it the first time. `key` opens its vault where a passphrase guards it; with `mayBeLocked`
 * the vault stays locked where it does not.
 */
export function openWorkspace(
  folder: string,
  key: KeyGiven = {},
  mayBeLocked = false,
): Result<Store, WorkspaceProblem> {
  try {
    const opened = openStore(folder, { key, mayBeLocked });
    return opened.ok ? opened : fail({ ...opened.problem, folder });
  } catch (error) {
    // SQLite's codes carry details after the second underscore: SQLITE_READONLY_DIRECTORY.
    const code = /^(SQLITE_[A-Z]+|E[A-Z]+)/.exec((error as { readonly code?: string }).code ?? "")?.[1] ?? "";
    const kind = KINDS[code];
    if (kind === undefined) throw error;
    return fail({ kind, folder });
  }
}

/** The problem in one sentence or two, for a terminal or a dialog. */
export function workspaceSentence(problem: WorkspaceProblem): string {
  const { folder } = problem;
  switch (problem.kind) {
    case "newer-workspace":
      return `The workspace ${folder} was made by a newer studio (format ${problem.version}; this one reads ${problem.known}). Install the newer studio, or name another folder with --workspace.`;
    case "not-a-folder":
      return `${folder} is not a folder. Name another one with --workspace.`;
    case "not-allowed":
      return `The system does not allow the studio to write in ${folder}. Name another folder with --workspace.`;
    case "disk-full":
      return `The disk is full: the workspace ${folder} cannot be opened.`;
    case "passphrase-needed":
      return `The vault of the workspace ${folder} is guarded by a passphrase. Give it in APG_PASSPHRASE; the command line and the web host ask for it on a terminal.`;
    case "passphrase-wrong":
      return `That is not the passphrase of the workspace ${folder}. Nothing was changed; try again with the right one.`;
    case "key-damaged":
      return `vault.key of the workspace ${folder} is damaged: it is no key. Put a copy of it in its place; without it, secrets cannot be read.`;
    case "damaged":
      return `The database of the workspace ${folder} is damaged. Restore a backup with "apg restore FILE", or name another folder with --workspace.`;
  }
}

/** Said where a host starts with its vault locked. */
export function lockedSentence(folder: string): string {
  return `The vault of the workspace ${folder} is locked: nothing runs and no trigger fires until its passphrase is given, in the studio under Workspace, Secrets, or in APG_PASSPHRASE at the start.`;
}
