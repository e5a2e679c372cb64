import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { StartRequest } from "../engine/engine";
import type { Laboratory } from "../engine/ports";
import { addConnections } from "./brought";
import { usage } from "./exit";
import type { CliHost } from "./host";
import { readEnvironment, readText } from "./input";
import { say } from "./output";
import type { Outside } from "./outside";
import type { RunOptions } from "./run-options";
import { type Runnable, sourceOf } from "./source";

/** What `apg run` was asked to run, with all that each start of it has in common. */
export interface Prepared {
  readonly source: Runnable;
  readonly request: Omit<StartRequest, "input" | "parameters">;
}

/** Reads the workflow, its environment and what it may reach. */
export async function prepared(
  target: string,
  options: Pick<RunOptions, "env" | "allow">,
  host: CliHost,
  outside: Outside,
): Promise<Prepared> {
  const granted = await Promise.all(options.allow.map(folderOf));
  const environment = await environmentOf(options.env, host);
  const source = await sourceOf(target, host, outside);
  await addConnections(target, host);
  const hosts = await host.hostsFor([source.text, ...source.neighbours].join("\n"));
  const request = {
    definition: source.definition,
    definitionText: source.text,
    definitions: source.definitions,
    ...environment,
    folder: source.folder,
    allowed: [host.filesFolder, ...host.allowedFolders, ...granted],
    hosts,
    trusted: host.trusted,
    ...(source.callees === undefined ? {} : { neighbours: source.callees }),
  };
  return { source, request };
}

/** A folder of `--allow`: one that is misspelt is told before anything runs. */
async function folderOf(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw usage(`--allow ${folder}: there is no such folder.`);
  return resolve(folder);
}

type LabOptions = Pick<RunOptions, "faults" | "virtualTime" | "seed">;

/** The laboratory that `--faults` and `--virtual-time` ask for. */
export async function labOf(options: LabOptions, host: CliHost): Promise<Laboratory | undefined> {
  return options.faults === undefined && options.virtualTime !== true ? undefined : openedLab(options, host);
}

/** The same where there is to be one; virtual time begins at `from`, else now. */
export async function openedLab(
  { faults, virtualTime = false, seed }: LabOptions,
  host: CliHost,
  from?: number,
): Promise<Laboratory> {
  const text = faults === undefined ? undefined : await readText(faults);
  const opened = await host.openLab({
    virtualTime,
    ...(from === undefined ? {} : { from }),
    ...(text === undefined ? {} : { faults: text }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (opened.ok) return opened.value;
  if (opened.problem.kind === "may-not-crash") throw usage(`${faults}: this host may not be made to crash.`);
  throw usage(
    opened.problem.problems.map(({ line, column, message }) => `${faults}:${line}:${column} ${message}`).join("\n"),
  );
}

/** The environment and the values that `--env` says: the name of one of the workspace, files of values, or both. */
async function environmentOf(
  said: readonly string[],
  { trust, env, sentence }: CliHost,
): Promise<{ readonly environment: string; readonly env: { readonly [name: string]: string } }> {
  const names = trust.environments().map(({ name }) => name);
  const chosen = said.filter((each) => names.includes(each)).at(-1);
  const found = trust.environment(chosen);
  if (!found.ok) throw usage(sentence(found.problem));
  let values = { ...env, ...found.value.env };
  for (const each of said) {
    if (names.includes(each)) continue;
    if (!existsSync(each))
      throw usage(`${each}: is neither an environment of the workspace (${names.join(", ")}) nor a file.`);
    values = { ...values, ...(await readEnvironment(each)) };
  }
  return { environment: found.value.name, env: values };
}

/** Names the faults that fitted no attempt: a typing mistake looks like robustness otherwise. */
export function sayUnmet(lab: Laboratory | undefined, { faults }: Pick<RunOptions, "faults">): void {
  const unmet = lab?.unmet() ?? [];
  if (unmet.length > 0) say(`${faults}: fitted no attempt: ${unmet.join(", ")}.`);
}
