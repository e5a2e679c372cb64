import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import { stopsOf } from "@shared/workflow/instead";
import type { Workflow } from "@shared/workflow/workflow";
import type { FindWorkflow } from "../bundle/collect";
import type { DefinitionsPort } from "../engine/ports";
import { formatOf, knownCalls, line } from "./check";
import { EXIT, Stop, usage } from "./exit";
import type { CliHost } from "./host";
import { isArchive, readText } from "./input";
import type { Outside } from "./outside";

/** What `apg run` was asked to run. */
export interface Runnable {
  readonly definition: Workflow;
  readonly text: string;
  /** Where its relative paths start. */
  readonly folder: string;
  readonly definitions: DefinitionsPort;
  /** The folder whose workflow files `definitions` means before the library's; whoever resumes the execution looks there. */
  readonly callees?: string;
  /** Texts of the workflows it may call, where they are known beforehand; for finding the hosts they name. */
  readonly neighbours: readonly string[];
}

/**
 * Finds what `target` names: a bundle, a workflow file, or a workflow of the library.
 *
 * @throws Stop with exit code 2 when there is none or it has errors.
 */
export async function sourceOf(target: string, host: CliHost, outside: Outside): Promise<Runnable> {
  if (await isArchive(target)) return fromBundle(target, host, outside);
  const stored = /^[a-z][a-z0-9_]*$/.test(target) ? host.workflow(target) : undefined;
  if (stored) {
    const folder = stored.file === undefined ? host.filesFolder : dirname(stored.file);
    const source = await checked(stored.text, stored.format, target, (id) => host.workflow(id) !== undefined);
    return { ...source, folder, definitions: library(host), neighbours: [] };
  }
  if (/^[a-z][a-z0-9_]*$/.test(target) && !existsSync(target))
    throw usage(`There is neither a file nor a workflow "${target}"; "apg import FILE" takes one into the workspace.`);
  const text = await readText(target);
  const folder = dirname(resolve(target));
  const beside = outside.beside(folder);
  const has = async (id: string): Promise<boolean> =>
    (await beside(id)) !== undefined || host.workflow(id) !== undefined;
  return {
    ...(await checked(text, formatOf(target), target, has)),
    folder,
    definitions: resolving(beside, library(host)),
    callees: folder,
    neighbours: [],
  };
}

async function fromBundle(file: string, host: CliHost, outside: Outside): Promise<Runnable> {
  const into = join(host.filesFolder, "bundles", (await digestOf(file)).slice(0, 16));
  await mkdir(join(into, "files"), { recursive: true });
  const opened = await outside.openBundle(file, into);
  if (!opened.ok) throw usage(opened.sentence);
  const folder = join(into, "files");
  const find: FindWorkflow = async (id) => opened.workflows.get(id);
  const root = opened.workflows.get(opened.root);
  if (!root) throw usage(`${file}: its root workflow ${opened.root} is missing.`);
  const neighbours = [...opened.workflows.values()].map((one) => one.text);
  const source = await checked(root.text, root.format, file, (id) => opened.workflows.has(id));
  const callees = join(into, "workflows");
  await mkdir(callees, { recursive: true });
  for (const [id, one] of opened.workflows) await writeFile(join(callees, `${id}.workflow.${one.format}`), one.text);
  return { ...source, folder, definitions: resolving(find), callees, neighbours };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function checked(
  text: string,
  format: "yaml" | "json",
  name: string,
  has: (id: string) => Promise<boolean> | boolean,
): Promise<{ readonly definition: Workflow; readonly text: string }> {
  const document = readWorkflow(text, format);
  const workflowIds = await knownCalls(document.workflow, has);
  // A part of a definition, or an input in its place, may be looked at; run, it would do nothing and call that a success.
  const errors = stopsOf(check(document, catalogue, { workflowIds }));
  if (errors.length > 0 || !document.workflow) {
    throw new Stop(
      EXIT.usage,
      errors.map((finding) => line(name, finding)).join("\n") || `${name}: holds no workflow.`,
    );
  }
  return { definition: document.workflow, text };
}

/** Called workflows from `find`, else from `otherwise`. */
function resolving(find: FindWorkflow, otherwise?: DefinitionsPort): DefinitionsPort {
  return {
    async resolve(id, range) {
      const found = await find(id);
      if (!found) return otherwise?.resolve(id, range);
      const definition = readWorkflow(found.text, found.format).workflow;
      if (!definition || !(await satisfies(definition.version, range))) return undefined;
      return { definition, text: found.text, ...(found.folder === undefined ? {} : { folder: found.folder }) };
    },
  };
}

function library(host: CliHost): DefinitionsPort {
  return resolving(async (id) => {
    const found = host.workflow(id);
    return (
      found && {
        text: found.text,
        format: found.format,
        ...(found.file === undefined ? {} : { folder: dirname(found.file) }),
      }
    );
  });
}

async function satisfies(version: string | undefined, range: string | undefined): Promise<boolean> {
  if (range === undefined) return true;
  const { default: semver } = await import("semver");
  return semver.satisfies(version ?? "0.0.0", range);
}
