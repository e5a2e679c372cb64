import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fail, type Result } from "@shared/base/result";
import type { Entry } from "@shared/execution/event";
import { trustSentence } from "../api/trust-sentences";
import type { Rooms } from "../api/rooms";
import type { FindWorkflow } from "../bundle/collect";
import { Stop, unwritten, usage } from "../cli/exit";
import type { CliHost } from "../cli/host";
import type { Tools } from "../cli/tools";
import type { TriggerProblem } from "../triggers/room";
import type { Host } from "./host";
import { programVersion, workspaceFolder } from "./places";

const PAGE = 500;
const carrying = () => import("../bundle/bundle");

/** The command line's tools. What a command does not use is never loaded: starting has to be quick. */
export function commandLineTools(): Tools {
  const version = programVersion();
  return {
    version,
    openHost: async (folder) => cliHost(await openWorkspace(folder), version),
    outside: {
      async openBundle(file, into) {
        const { bundleSentence, openBundle } = await carrying();
        const opened = await openBundle(file, into);
        if (!opened.ok) return { ok: false, sentence: bundleSentence(opened.problem) };
        const { manifest, problems, workflows } = opened.value;
        if (problems.length > 0) return { ok: false, sentence: bundleSentence({ kind: "not-intact", file, problems }) };
        return { ok: true, root: manifest.root.id, workflows };
      },
      beside,
      async isStored(id, workspace) {
        // Asking must not make a workspace where there is none.
        if (!existsSync(join(workspaceFolder(workspace), "workspace.db"))) return false;
        const host = await openWorkspace(workspace);
        try {
          return host.rooms.library.get(id) !== undefined;
        } finally {
          await host.close();
        }
      },
    },
    bundles: {
      async export(target, file, { workspace }) {
        const { bundleSentence, exportBundle } = await carrying();
        const { id, find, close } = await exportSource(target, workspace);
        try {
          const written = await exportBundle(id, find, version, file ?? ((name) => resolve(name)));
          if (written.ok) return { ok: true, ...written.value };
          if (written.problem.kind !== "workflow-has-errors")
            return { ok: false, sentence: bundleSentence(written.problem) };
          return { ok: false, sentence: `${id} has errors and is not exported:`, findings: written.problem.messages };
        } finally {
          await close();
        }
      },
      async inspect(file) {
        const { bundleSentence, inspectBundle } = await carrying();
        const report = await inspectBundle(file);
        return report.ok ? { ok: true, report: report.value } : { ok: false, sentence: bundleSentence(report.problem) };
      },
    },
    async backup(file, workspace) {
      const target = resolve(file);
      await stat(dirname(target)).catch((cause: unknown) => Promise.reject(unwritten(file, cause)));
      const there = await stat(target).catch(() => undefined);
      if (there !== undefined)
        throw usage(`${file}: ${there.isDirectory() ? "is a folder" : "is there already"}; name another file.`);
      const host = await openWorkspace(workspace);
      try {
        await host.store.reader.backup(target);
        return `${resolve(file)}: written. Keep vault.key of ${host.store.folder} too: without it, sensitive values cannot be read.`;
      } catch (cause) {
        throw unwritten(file, cause);
      } finally {
        await host.close();
      }
    },
    async restore(file, workspace) {
      const { restoreFrom } = await import("../store/backup");
      const folder = workspaceFolder(workspace);
      const problem = restoreFrom(folder, resolve(file));
      if (problem === undefined) return `${folder}: restored from ${file}.`;
      switch (problem.kind) {
        case "no-backup":
          throw usage(`${file}: is no backup: ${problem.reason}.`);
        case "newer-backup":
          throw usage(
            `${file}: was made by a newer studio (format ${problem.version}; this one reads ${problem.known}).`,
          );
        case "in-use":
          throw usage(`${problem.folder}: is open in a studio; close it first.`);
      }
    },
    async vaultKey(workspace) {
      const { vaultKeyOf } = await import("./passphrase");
      return vaultKeyOf(workspaceFolder(workspace));
    },
    async serveStudio(args) {
      const { serveStudio } = await import("./serve");
      return serveStudio(args);
    },
    async sampleApi(port) {
      const { startSampleApi } = await import("../sample-api/server");
      const api = await startSampleApi({ port }).catch((cause: NodeJS.ErrnoException) => {
        throw new Stop(1, `Port ${port} cannot be used (${cause.code ?? cause.message}); name another with --port.`);
      });
      process.stdout.write(`${api.url}\n`);
      return new Promise<never>(() => undefined);
    },
  };
}

async function openWorkspace(folder: string | undefined): Promise<Host> {
  const [{ openHost }, { openAsking }] = await Promise.all([import("./host"), import("./passphrase")]);
  const opened = await openAsking((key) =>
    openHost({ kind: "web", key, ...(folder === undefined ? {} : { workspace: folder }) }),
  );
  if (opened.ok) return opened.value;
  const { workspaceSentence } = await import("./workspace");
  throw usage(workspaceSentence(opened.problem));
}

/** What `apg bundle export` was asked to carry: a workflow file with its neighbours, or one of the workspace. */
async function exportSource(
  target: string,
  workspace: string | undefined,
): Promise<{ readonly id: string; readonly find: FindWorkflow; readonly close: () => Promise<void> }> {
  const file = /^(.+)\.workflow\.(ya?ml|json)$/.exec(basename(target));
  if (file?.[1] !== undefined) {
    const { readText } = await import("../cli/input");
    const { readWorkflow } = await import("@shared/workflow/file");
    const format = target.endsWith(".json") ? "json" : "yaml";
    const text = await readText(target);
    const id = readWorkflow(text, format).workflow?.id ?? file[1];
    const folder = dirname(resolve(target));
    const neighbours = beside(folder);
    return {
      id,
      find: async (wanted) => (wanted === id ? { text, format, folder } : neighbours(wanted)),
      close: async () => undefined,
    };
  }
  const host = await openWorkspace(workspace);
  const find: FindWorkflow = async (id) => {
    const found = host.rooms.library.get(id);
    return (
      found && { text: found.text, format: found.format, folder: host.rooms.library.folderOf(id) ?? host.store.files }
    );
  };
  return { id: target, find, close: host.close };
}

function cliHost(host: Host, version: string): CliHost {
  const { rooms, store, engine } = host;
  const settings = rooms.settings.get();
  return {
    engine,
    warm: () => {
      engine.warm();
      store.reader.warm();
    },
    filesFolder: store.files,
    version,
    trusted: settings.trusted,
    allowedFolders: settings.allowedFolders,
    env: settings.env,
    trust: rooms.trust,
    sentence: (problem) => {
      const { what, todo } = trustSentence(problem);
      return todo === undefined ? what : `${what} ${todo}`;
    },
    testConnection: (name, environment) => rooms.testConnection(name, environment, undefined),
    openLab: async (request) => {
      const [{ openLab }, { machineClock }] = await Promise.all([import("../lab/open"), import("../engine/identity")]);
      return openLab(request, machineClock, () => process.kill(process.pid, "SIGKILL"));
    },
    due: async (workflow, span) => (await import("../triggers/due")).dueOf(workflow, span),
    rehearse: async (request, tell) => (await import("./rehearsal")).rehearsalOver(engine, store, request, tell),
    hostsFor: async (text) => ({ ...(await host.sampleHosts(text)), ...settings.hosts }),
    workflow(id) {
      const found = rooms.library.get(id);
      return (
        found && { text: found.text, format: found.format, ...(found.file === undefined ? {} : { file: found.file }) }
      );
    },
    notices: rooms.notices,
    addWorkflow: (text, format, origin) => rooms.library.create(text, format, origin),
    executions: async (limit) => (await rooms.executions.list({ from: 0, limit })).rows,
    execution: (id) => rooms.executions.row(id),
    tasks: (state) => rooms.tasks.list(state),
    breakers: rooms.breakers,
    caches: rooms.caches,
    triggers: spoken(rooms.triggers),
    async *journal(id): AsyncIterable<Entry> {
      const masker = await rooms.masks.of(id);
      for (let from = 1; ; from += PAGE) {
        const page = await store.reader.journal(id, from, PAGE);
        yield* page.map((entry) => masker.entry(entry));
        if (page.length < PAGE) return;
      }
    },
    masker: (id) => rooms.masks.of(id),
    erase: (query) => store.erase(query),
    close: host.close,
  };
}

/** Triggers with their problems in sentences. */
function spoken(triggers: Rooms["triggers"]): CliHost["triggers"] {
  const said = async <T>(result: Result<T, TriggerProblem>): Promise<Result<T, string>> => {
    if (result.ok) return result;
    const { triggerSentence } = await import("../api/sentences");
    const { what, todo } = triggerSentence(result.problem);
    return fail(todo === undefined ? what : `${what} ${todo}`);
  };
  return {
    list: (workflowId) => triggers.list(workflowId),
    enable: async (...given) => said(await triggers.enable(...given)),
    fire: async (...given) => said(await triggers.fire(...given)),
    emit: (type, payload) => triggers.emit(type, payload),
  };
}

/** Workflow files beside one another; a sentence where one cannot be read. */
function beside(folder: string): FindWorkflow {
  return async (id) => {
    const find = (await carrying()).findBeside(folder);
    return find(id).catch((cause: NodeJS.ErrnoException) => {
      throw usage(`${cause.path ?? join(folder, id)}: cannot be read (${cause.code ?? cause.message}).`);
    });
  };
}
