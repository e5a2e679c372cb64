import { hiddenText } from "./asking";
import { EXIT, usage } from "./exit";
import type { OpenHost } from "./host";
import { print, printJson, say, table } from "./output";
import { inHost, type Options } from "./in-host";
import { readText } from "./input";

/** No `.env` that a person keeps is longer. */
const LONGEST_ENV = 1024 * 1024;

/** `apg secrets list`: names and dates, never values. */
export function listSecrets(options: Options, openHost: OpenHost): Promise<number> {
  return inHost(openHost, options.workspace, async ({ trust }) => {
    const secrets = trust.secrets();
    if (options.json) await printJson(secrets);
    else if (secrets.length === 0) say('There are no secrets; "apg secrets set NAME" makes one.');
    else {
      const rows = secrets.map(({ name, rotatedAt, usedBy }) => [
        name,
        new Date(rotatedAt).toISOString(),
        usedBy.map(({ id }) => id).join(", "),
      ]);
      await print(table(["NAME", "CHANGED", "USED BY"], rows));
    }
    return EXIT.ok;
  });
}

/** `apg secrets set NAME`. */
export async function setSecret(name: string, options: Options, openHost: OpenHost): Promise<number> {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name))
    throw usage(`${name}: is no name for a secret; use letters, digits and underscores.`);
  const value = await hiddenText(`Value of ${name}: `);
  if (value === "") throw usage(`${name}: the value is empty; nothing was changed.`);
  return inHost(openHost, options.workspace, async ({ trust }) => {
    trust.setSecret(name, value);
    say(`${name} is set.`);
    return EXIT.ok;
  });
}

/** `apg secrets import FILE`. */
export async function importSecrets(file: string, options: Options, openHost: OpenHost): Promise<number> {
  const text = file === "-" ? await hiddenText("") : await readText(file, LONGEST_ENV);
  return inHost(openHost, options.workspace, async ({ trust }) => {
    const { names, skipped } = trust.importSecrets(text);
    for (const line of skipped) say(`${file}:${line}: is no NAME=value line and was left out.`);
    say(names.length === 0 ? `${file}: holds no values.` : `${names.join(", ")}: set.`);
    return names.length === 0 ? EXIT.failed : EXIT.ok;
  });
}

/** `apg secrets delete|restore NAME`. */
export function changeSecret(
  verb: "delete" | "restore",
  name: string,
  options: Options,
  openHost: OpenHost,
): Promise<number> {
  return inHost(openHost, options.workspace, async ({ trust, sentence }) => {
    const done = verb === "delete" ? trust.deleteSecret(name) : trust.restoreSecret(name);
    if (!done.ok) throw usage(sentence(done.problem));
    say(verb === "delete" ? `${name} is deleted; "apg secrets restore ${name}" brings it back.` : `${name} is back.`);
    return EXIT.ok;
  });
}
