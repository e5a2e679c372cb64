import { availableParallelism } from "node:os";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isJsonObject } from "@shared/base/json";
import type { Settings } from "@shared/contract/host";
import type { SettingsTable } from "../store/settings";

/** Attempts carried out at the same time; most wait for a network or a disk. */
const TASKS_PER_CORE = 64;

const CACHE_LIMIT_BYTES = 256_000_000;

/** What a user set: in the workspace, but for the theme, which goes with the user from workspace to workspace. */
export class WorkspaceSettings {
  constructor(
    private readonly table: SettingsTable,
    private readonly userFile: string,
  ) {}

  get(): Settings {
    const kept = this.table.all() as Partial<Settings>;
    return {
      theme: readTheme(this.userFile),
      trusted: kept.trusted ?? false,
      hosts: kept.hosts ?? {},
      allowedFolders: kept.allowedFolders ?? [],
      executionLimit: kept.executionLimit ?? 0,
      concurrency: kept.concurrency ?? availableParallelism() * TASKS_PER_CORE,
      webhookPort: kept.webhookPort ?? 0,
      keepExecutionsDays: kept.keepExecutionsDays ?? 0,
      cacheLimitBytes: kept.cacheLimitBytes ?? CACHE_LIMIT_BYTES,
      env: kept.env ?? {},
      network: kept.network ?? {},
      layout: kept.layout ?? {},
    };
  }

  /** How many executions run at once, if that is limited. Every start asks, so it is one lookup. */
  executionLimit(): number | undefined {
    const kept = this.table.get("executionLimit");
    return typeof kept === "number" && kept > 0 ? kept : undefined;
  }

  set({ theme, ...change }: Partial<Settings>): Settings {
    if (theme !== undefined) writeTheme(this.userFile, theme);
    if (Object.keys(change).length > 0) this.table.set(change);
    return this.get();
  }
}

function readTheme(file: string): Settings["theme"] {
  const value = readObject(file)["theme"];
  return value === "dark" || value === "light" || value === "contrast" ? value : "system";
}

/** A missing or damaged file counts as empty: it holds nothing but tastes. */
function readObject(file: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

function writeTheme(file: string, theme: Settings["theme"]): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify({ ...readObject(file), theme }, null, 2)}\n`);
  renameSync(aside, file);
}
