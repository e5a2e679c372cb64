import { hiddenText } from "./asking";
import { EXIT, usage } from "./exit";
import { say } from "./output";

/** The file that holds a workspace's key. Composition hands it in. */
export interface VaultKey {
  readonly folder: string;
  readonly isUnderPassphrase: boolean;
  /** What `APG_PASSPHRASE` says. */
  readonly current?: string;
  /** What `APG_NEW_PASSPHRASE` says. */
  readonly next?: string;
  /** Puts the key under `next`, or in plain without one; a sentence when it cannot. */
  change(current: string | undefined, next: string | undefined): Promise<string | undefined>;
}

const SHORTEST = 8;

/** `apg vault passphrase`: sets, changes or (`--remove`) removes it. */
export async function setPassphrase(
  options: { readonly remove?: boolean; readonly workspace?: string },
  vaultKey: (workspace: string | undefined) => Promise<VaultKey | undefined>,
): Promise<number> {
  const key = await vaultKey(options.workspace);
  if (key === undefined)
    throw usage("There is no workspace here. Name its folder with --workspace; a studio or a run makes one.");
  const { folder, isUnderPassphrase } = key;
  if (options.remove && !isUnderPassphrase) throw usage(`The vault of ${folder} has no passphrase.`);
  const current = isUnderPassphrase
    ? (key.current ?? (await typed("Present passphrase: ", "APG_PASSPHRASE")))
    : undefined;
  const next = options.remove ? undefined : await nextOf(key);
  const problem = await key.change(current, next);
  if (problem !== undefined) throw usage(problem);
  if (next === undefined) say(`The vault of ${folder} is open to whoever can read its vault.key.`);
  else
    say(
      `The vault of ${folder} is guarded by the passphrase. Nobody can recover it. Hosts that are open go on; earlier copies of vault.key are as they were.`,
    );
  return EXIT.ok;
}

async function nextOf({ isUnderPassphrase, current, next }: VaultKey): Promise<string> {
  const given = next ?? (isUnderPassphrase ? undefined : current);
  if (given !== undefined) return longEnough(given);
  const name = isUnderPassphrase ? "APG_NEW_PASSPHRASE" : "APG_PASSPHRASE";
  const first = longEnough(await typed("Passphrase from now on: ", name));
  if ((await typed("The same again: ", name)) !== first)
    throw usage("The two are not the same; the passphrase was not changed.");
  return first;
}

function longEnough(passphrase: string): string {
  if (passphrase.length >= SHORTEST) return passphrase;
  throw usage(`A passphrase has at least ${SHORTEST} characters; nothing was changed.`);
}

async function typed(question: string, variable: string): Promise<string> {
  if (process.stdin.isTTY) return hiddenText(question);
  throw usage(`There is no terminal to ask for the passphrase. Give it in ${variable}; nothing was changed.`);
}
