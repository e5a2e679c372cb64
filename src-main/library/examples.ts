import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { Bug } from "@shared/base/bug";
import type { Json } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { readConnectionsFile, type BroughtConnection } from "@shared/components/connections-file";
import type { ExampleRow } from "@shared/contract/workflows";
import { readWorkflow } from "@shared/workflow/file";
import type { Workflow } from "@shared/workflow/workflow";
import type { SettingsTable } from "../store/settings";
import type { Library, LibraryProblem } from "./library";
import { read } from "./reading";

const SUFFIX = ".workflow.yaml";
const SAMPLE_KEY = "sample-input:";

/** The workspace's named connections. */
export interface ConnectionsOf {
  get(name: string): unknown;
  set(connection: BroughtConnection): unknown;
}

/** The workflows that ship with the studio, in `folder`, with their data and inputs beside them. */
export class Examples {
  constructor(
    private readonly folder: string,
    private readonly library: Library,
    /** The workspace's `files`, where the copies' relative paths start. */
    private readonly files: string,
    private readonly notes: SettingsTable,
    private readonly connections: ConnectionsOf,
  ) {}

  async list(): Promise<readonly ExampleRow[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(SUFFIX)).sort();
    return Promise.all(
      names.map(async (name) => {
        const { summary } = read(await readFile(join(this.folder, name), "utf8"), "yaml");
        return {
          id: name.slice(0, -SUFFIX.length),
          name: summary.name,
          purpose: summary.purpose,
          components: summary.components,
        };
      }),
    );
  }

  /** Copies an example with the files it reads and the workflows it calls; those the library has already stay as they are. */
  async copy(id: string): Promise<Result<{ readonly id: string }, LibraryProblem>> {
    const text = await this.textOf(id);
    if (text === undefined) return fail({ kind: "no-example", id });
    const copied = this.library.create(text, "yaml", "example");
    const input = await this.inputOf(id);
    if (input !== undefined) this.notes.set({ [SAMPLE_KEY + copied.id]: input });
    await this.addConnections(id);
    await this.copyNeeded(text);
    return ok(copied);
  }

  sampleInput(workflowId: string): Json | undefined {
    return this.notes.get(SAMPLE_KEY + workflowId) as Json | undefined;
  }

  /** Connections that the example brings along; what the workspace has under the name stays. */
  private async addConnections(id: string): Promise<void> {
    const file = join(this.folder, `${id}.connections.json`);
    if (!(await isFile(file))) return;
    const brought = readConnectionsFile(await readFile(file, "utf8"));
    if (!brought.ok) throw new Bug(`${file}: ${brought.problem}`);
    for (const connection of brought.value)
      if (this.connections.get(connection.name) === undefined) this.connections.set(connection);
  }

  private async copyNeeded(text: string): Promise<void> {
    const { workflow } = readWorkflow(text, "yaml");
    if (workflow === undefined) return;
    for (const value of textsOf(workflow)) await this.copyData(value);
    for (const called of calledBy(workflow)) {
      const other = this.library.get(called) === undefined ? await this.textOf(called) : undefined;
      if (other === undefined) continue;
      this.library.create(other, "yaml", "example");
      await this.addConnections(called);
      await this.copyNeeded(other);
    }
  }

  /** Copies the file that `path` names, if it ships with the examples. What the user has already stays. */
  private async copyData(path: string): Promise<void> {
    const from = normalize(join(this.folder, path));
    if (!from.startsWith(this.folder + sep) || !(await isFile(from))) return;
    const to = join(this.files, path);
    if (await isFile(to)) return;
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  }

  private async textOf(id: string): Promise<string | undefined> {
    const file = join(this.folder, `${id}${SUFFIX}`);
    return /^[a-z][a-z0-9_]*$/.test(id) && (await isFile(file)) ? readFile(file, "utf8") : undefined;
  }

  private async inputOf(id: string): Promise<Json | undefined> {
    const file = join(this.folder, `${id}.input.json`);
    return (await isFile(file)) ? (JSON.parse(await readFile(file, "utf8")) as Json) : undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (
      error.code === "ENOENT" ||
      error.code === "ENOTDIR" ||
      error.code === "ENAMETOOLONG" ||
      error.code === "ERR_INVALID_ARG_VALUE"
    )
      return undefined;
    throw error;
  });
  return found?.isFile() === true;
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value.length < 500 && !value.includes("\n") ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** Ids of the workflows that `workflow_call`s name, wherever in the workflow they stand. */
export function calledBy(workflow: Workflow): readonly string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { type, config } = value as { readonly type?: unknown; readonly config?: { readonly workflow_id?: unknown } };
    if (type === "workflow_call" && typeof config?.workflow_id === "string") found.add(config.workflow_id);
    Object.values(value).forEach(look);
  };
  look(workflow.components);
  return [...found];
}
