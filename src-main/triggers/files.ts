import { lstat, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import type { Json } from "@shared/base/json";
import { isPathMeant } from "@shared/base/path-pattern";
import type { FileChange, FileTrigger } from "@shared/workflow/triggers/trigger";
import type { Able, Directory } from "./directory";
import type { Fires } from "./fire";
import { Line } from "./line";
import type { TriggersPorts } from "./ports";

type Watching = Able<FileTrigger>;

/** A file as it is at a moment. */
interface Found {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly version: string;
  readonly size: number;
  readonly modifiedAt: number;
}

interface Watched {
  readonly about: string;
  readonly watcher: FSWatcher;
}

/** Fires when files appear, change or go in a folder: each version of a file once, and only when it rests. */
export class Files {
  private readonly watched = new Map<number, Watched>();
  private readonly problems = new Map<number, string>();
  private readonly line = new Line();

  constructor(
    private readonly ports: TriggersPorts,
    private readonly directory: Directory,
    private readonly fires: Fires,
  ) {}

  /** Why a trigger watches nothing, in a sentence. */
  problemOf(triggerId: number): string | undefined {
    return this.problems.get(triggerId);
  }

  /** Watches the folders of those that are on. */
  look(): Promise<void> {
    return this.line.next(async () => {
      const on = this.directory.on("file");
      for (const [id, { about, watcher }] of this.watched) {
        if (on.some((known) => known.row.id === id && aboutOf(known) === about)) continue;
        this.watched.delete(id);
        await watcher.close();
      }
      for (const id of this.problems.keys()) if (!on.some((known) => known.row.id === id)) this.problems.delete(id);
      for (const known of on) if (!this.watched.has(known.row.id)) await this.open(known);
    });
  }

  private async open(known: Watching): Promise<void> {
    const { id } = known.row;
    const trigger = known.trigger.value;
    const folder = await this.allowed(known);
    if (folder === undefined) {
      this.problems.set(
        id,
        `${trigger.path} lies outside the folders this workflow may use. Allow the folder in the settings.`,
      );
      return;
    }
    const watcher = watch(folder, {
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: trigger.settleMs, pollInterval: Math.min(100, trigger.settleMs / 2) },
      followSymlinks: false,
      ...(trigger.pattern.includes("/") ? {} : { depth: 0 }),
    });
    const seen = (path: string): void =>
      void this.line.next(() => this.seen(id, folder, path)).catch(this.ports.trouble);
    watcher.on("add", seen).on("change", seen).on("unlink", seen);
    watcher.on("error", this.ports.trouble);
    this.watched.set(id, { about: aboutOf(known), watcher });
    await new Promise<void>((ready) => void watcher.once("ready", () => ready()));
    await this.comparing(known, folder);
    this.problems.delete(id);
  }

  /** What came, changed or went while nobody watched; the first time everything is taken as seen. */
  private async comparing(known: Watching, folder: string): Promise<void> {
    const { triggers } = this.ports;
    const { id, accountedUntil } = known.row;
    const { missed, pattern } = known.trigger.value;
    const before = triggers.files(id);
    const now = await listed(folder, pattern);
    const isFirst = !before.has("");
    triggers.seen(id, "", String(accountedUntil));
    const there = new Set(now.map(({ path }) => path));
    const happened: { readonly found: Found; readonly change: FileChange }[] = [];
    for (const found of now) {
      const version = before.get(found.path);
      if (version === found.version) continue;
      happened.push({ found, change: version === undefined ? "added" : "changed" });
    }
    for (const path of before.keys())
      if (path !== "" && !there.has(path))
        happened.push({ found: { path, version: "", size: 0, modifiedAt: this.ports.clock.now() }, change: "removed" });
    happened.sort((a, b) => a.found.modifiedAt - b.found.modifiedAt);
    const fired = isFirst || missed === "skip" ? [] : missed === "run_once" ? happened.slice(-1) : happened;
    for (const one of happened)
      if (!isFirst && this.isMoving(known, one.found)) this.later(known, folder, one.found.path);
      else if (fired.includes(one)) await this.happened(known, folder, one.found, one.change, happened.length);
      else this.note(id, one.found, one.change);
  }

  /** Whether a file was written so lately that it may not be whole. */
  private isMoving(known: Watching, found: Found): boolean {
    return found.version !== "" && this.ports.clock.now() - found.modifiedAt < known.trigger.value.settleMs;
  }

  private later(known: Watching, folder: string, path: string): void {
    const again = (): void =>
      void this.line.next(() => this.seen(known.row.id, folder, join(folder, path))).catch(this.ports.trouble);
    this.ports.clock.after(known.trigger.value.settleMs, again);
  }

  private async seen(triggerId: number, folder: string, absolute: string): Promise<void> {
    const known = this.directory.on("file").find(({ row }) => row.id === triggerId);
    if (known === undefined) return;
    const path = slashed(relative(folder, absolute));
    if (!isPathMeant(known.trigger.value.pattern, path)) return;
    const before = this.ports.triggers.files(triggerId).get(path);
    const found = await foundAt(folder, path);
    if (found === undefined) {
      const gone = { path, version: "", size: 0, modifiedAt: this.ports.clock.now() };
      if (before !== undefined) await this.happened(known, folder, gone, "removed", 0);
    } else if (found.version !== before) {
      if (this.isMoving(known, found)) return this.later(known, folder, path);
      await this.happened(known, folder, found, before === undefined ? "added" : "changed", 0);
    }
  }

  private async happened(
    known: Watching,
    folder: string,
    found: Found,
    change: FileChange,
    missed: number,
  ): Promise<void> {
    const { id } = known.row;
    if (known.trigger.value.changes.includes(change)) {
      const absolute = join(folder, found.path);
      const about: { [key: string]: Json } = { path: absolute, name: basename(found.path), folder, change };
      if (change !== "removed") {
        about["size"] = found.size;
        about["modified_at"] = new Date(found.modifiedAt).toISOString();
      }
      const version =
        change === "removed" ? `gone/${this.ports.triggers.files(id).get(found.path) ?? ""}` : found.version;
      const event = { ...about, type: "file", ...(missed > 0 ? { missed } : {}) };
      await this.fires.fire(known, { key: `file/${found.path}/${version}`, event, input: about });
    }
    // Noted last: a host that dies in between finds the key of what it fired.
    this.note(id, found, change);
  }

  private note(id: number, found: Found, change: FileChange): void {
    this.ports.triggers.seen(id, found.path, change === "removed" ? undefined : found.version);
  }

  /** The folder, made if need be; undefined when the workflow may not use it. */
  private async allowed(known: Watching): Promise<string | undefined> {
    const wanted = resolve(known.folder, known.trigger.value.path);
    const folders = [known.folder, ...this.ports.allowedFolders()];
    // Looked at before it is made, so that nothing is made outside; and after, with links followed.
    if (!folders.some((folder) => isInside(wanted, resolve(folder)))) return undefined;
    await mkdir(wanted, { recursive: true });
    const real = await realpath(wanted);
    for (const folder of folders) if (isInside(real, await realOf(folder))) return real;
    return undefined;
  }

  async close(): Promise<void> {
    const all = [...this.watched.values()];
    this.watched.clear();
    await Promise.all(all.map(({ watcher }) => watcher.close()));
  }
}

function aboutOf(known: Watching): string {
  return `${known.folder}\n${known.row.definition}`;
}

async function listed(folder: string, pattern: string): Promise<readonly Found[]> {
  const entries = await readdir(folder, { recursive: pattern.includes("/"), withFileTypes: true });
  const found: Found[] = [];
  for (const entry of entries) {
    const path = slashed(relative(folder, join(entry.parentPath, entry.name)));
    if (!entry.isFile() || !isPathMeant(pattern, path)) continue;
    const one = await foundAt(folder, path);
    if (one !== undefined) found.push(one);
  }
  return found;
}

async function foundAt(folder: string, path: string): Promise<Found | undefined> {
  try {
    const there = await lstat(join(folder, path));
    if (!there.isFile()) return undefined;
    const version = `${there.size}-${Math.round(there.mtimeMs * 1000)}-${there.ino}`;
    return { path, version, size: there.size, modifiedAt: there.mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function realOf(folder: string): Promise<string> {
  const there = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return there === undefined ? resolve(folder) : realpath(folder);
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
