import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { fail, ok, type Result } from "@shared/base/result";
import type { BundlePlan, BundleReport } from "@shared/contract/bundles";
import type { FindWorkflow } from "./collect";
import { type BundleProblem, sentence } from "./problem";
import type { WriteProgress } from "./write";

/** What stands in the way, in words: what the contract's faults carry. */
export interface SaidProblem {
  readonly kind: "bundle";
  readonly what: string;
  readonly where?: string;
}

/** What the room needs of the workspace. */
export interface Workspace {
  readonly version: string;
  /** Where a bundle without a folder of its own is written. */
  readonly files: string;
  readonly scratch: string;
  readonly find: FindWorkflow;
  /** A sample input for the workflow, as JSON text, if one was used before. */
  sample(workflowId: string): string | undefined;
  add(text: string, format: "yaml" | "json", origin: "import" | "bundle"): { readonly id: string };
}

/** An export on its way; the last item says where the file is. */
export type ExportItem = WriteProgress & { readonly done?: { readonly file: string; readonly sha256: string } };

// Loaded when first needed: most hosts never touch a bundle, and starting has to be quick.
const carrying = () => import("./bundle");

/** Bundles of one workspace: planned, written, read and taken in. */
export class Bundles {
  constructor(private readonly workspace: Workspace) {}

  /** What an export would hold and need; `text` stands for what is stored. */
  async plan(workflowId: string, text?: string): Promise<Result<BundlePlan, SaidProblem>> {
    const stored = this.workspace.find;
    const find: FindWorkflow = async (id) => {
      const found = await stored(id);
      if (id !== workflowId || text === undefined) return found;
      return found ? { ...found, text } : { text, format: "yaml" };
    };
    return said(
      await (await carrying()).planBundle(workflowId, find, this.workspace.version, this.workspace.sample(workflowId)),
    );
  }

  /**
   * Writes a bundle and tells how far it is.
   *
   * @param file absolute, or a name in the workspace's `files`.
   * @throws {SaidProblem} as the iteration's error when it cannot be written.
   */
  async *export(
    workflowId: string,
    file: string,
    leaveOut: readonly string[],
    signal?: AbortSignal,
  ): AsyncIterableIterator<ExportItem> {
    const items: ExportItem[] = [];
    let wake: () => void = () => undefined;
    const target = isAbsolute(file) ? file : join(this.workspace.files, file);
    const writing = this.write(
      workflowId,
      target,
      leaveOut,
      (item) => {
        items.push(item);
        wake();
      },
      signal,
    );
    let ended = false;
    const end = writing.finally(() => {
      ended = true;
      wake();
    });
    end.catch(() => undefined); // looked at below, when what came before it has been told
    for (;;) {
      const item = items.shift();
      if (item) yield item;
      else if (ended) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    const written = await end;
    if (!written.ok) throw Object.assign(new Error(written.problem.what), { problem: written.problem });
    const { sha256, bytes, entries } = written.value;
    yield { entry: "", written: entries, total: entries, bytes, done: { file: written.value.file, sha256 } };
  }

  private async write(
    workflowId: string,
    target: string | ((name: string) => string),
    leaveOut: readonly string[],
    report: (item: ExportItem) => void,
    signal?: AbortSignal,
  ) {
    const sample = this.workspace.sample(workflowId);
    const options = { leaveOut, report, ...(sample === undefined ? {} : { sample }), ...(signal ? { signal } : {}) };
    return said(
      await (await carrying()).exportBundle(workflowId, this.workspace.find, this.workspace.version, target, options),
    );
  }

  /** The bytes of a fresh export, for windows that save files themselves. */
  async download(
    workflowId: string,
    leaveOut: readonly string[],
  ): Promise<Result<{ readonly name: string; readonly bytes: Uint8Array }, SaidProblem>> {
    const plan = await this.plan(workflowId);
    if (!plan.ok) return plan;
    const file = this.temporary();
    try {
      const written = await this.write(workflowId, file, leaveOut, () => undefined);
      return written.ok ? ok({ name: plan.value.fileName, bytes: await readFile(file) }) : written;
    } finally {
      await rm(file, { force: true });
    }
  }

  async inspect(file: string): Promise<Result<BundleReport, SaidProblem>> {
    return said(await (await carrying()).inspectBundle(file));
  }

  /** Takes the workflows of a bundle, or of a workflow file, into the library. One that is not intact is refused. */
  async import(
    from: { readonly file: string } | { readonly name: string; readonly bytes: Uint8Array },
  ): Promise<Result<{ readonly ids: readonly string[] }, SaidProblem>> {
    if ("file" in from) return this.take(from.file, from.file);
    const file = this.temporary();
    try {
      await writeFile(file, from.bytes, { mode: 0o600 });
      return await this.take(file, from.name);
    } finally {
      await rm(file, { force: true });
    }
  }

  private async take(file: string, name: string): Promise<Result<{ readonly ids: readonly string[] }, SaidProblem>> {
    if (/\.(ya?ml|json)$/i.test(name)) return this.takeText(file, name);
    const opened = await (await carrying()).openBundle(file);
    if (!opened.ok) return fail(words({ ...opened.problem, file: name } as BundleProblem));
    const { problems, workflows } = opened.value;
    if (problems.length > 0) return fail(words({ kind: "not-intact", file: name, problems }));
    return ok({
      ids: [...workflows.values()].map(({ text, format }) => this.workspace.add(text, format, "bundle").id),
    });
  }

  private async takeText(
    file: string,
    name: string,
  ): Promise<Result<{ readonly ids: readonly string[] }, SaidProblem>> {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
      return ok({ ids: [this.workspace.add(text, name.endsWith(".json") ? "json" : "yaml", "import").id] });
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
      const what =
        code === "ENOENT"
          ? "There is no such file."
          : code === "ERR_ENCODING_INVALID_ENCODED_DATA"
            ? "It is not UTF-8 text."
            : `It cannot be read (${code}).`;
      return fail({ kind: "bundle", what, where: name });
    }
  }

  private temporary(): string {
    return join(this.workspace.scratch, `${randomBytes(8).toString("hex")}.apgb`);
  }
}

function words(problem: BundleProblem): SaidProblem {
  return { kind: "bundle", what: sentence(problem) };
}

function said<T>(result: Result<T, BundleProblem>): Result<T, SaidProblem> {
  return result.ok ? result : fail(words(result.problem));
}
