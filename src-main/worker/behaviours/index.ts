import { isJsonObject } from "@shared/base/json";
import { isCapability } from "@shared/components/capability";
import type { Task } from "@shared/execution/effect";
import { isDataset } from "../records/dataset";
import type { Behaviour, Placement } from "../behaviour";

export type { Behaviour, Placement, Tools } from "../behaviour";

/** How one type is carried out, and where at most. */
export interface Entry {
  /** Answers with a promise until the type is loaded, see {@link loadBehaviours}; pure types synchronously after that. */
  readonly run: Behaviour;
  /** Where it runs unless the task asks for more: see {@link placementOf}. */
  readonly runsIn: Placement;
}

/** A behaviour that is loaded when it is first needed: most threads need few of them. */
class Loaded implements Entry {
  #behaviour: Behaviour | undefined;
  #loading: Promise<Behaviour> | undefined;

  constructor(
    readonly runsIn: Placement,
    readonly from: () => Promise<Behaviour>,
  ) {}

  readonly run: Behaviour = (task, tools) =>
    this.#behaviour ? this.#behaviour(task, tools) : this.load().then((behaviour) => behaviour(task, tools));

  load(): Promise<Behaviour> {
    this.#loading ??= this.from().then((behaviour) => (this.#behaviour = behaviour));
    return this.#loading;
  }
}

const entries: { readonly [type: string]: Loaded } = {
  start: new Loaded("inline-safe", () => import("./start").then((room) => room.start)),
  end: new Loaded("inline-safe", () => import("./end").then((room) => room.end)),
  log: new Loaded("inline-safe", () => import("./log").then((room) => room.log)),
  decision: new Loaded("inline-safe", () => import("./decision").then((room) => room.decision)),
  switch: new Loaded("inline-safe", () => import("./switch").then((room) => room.switchType)),
  merge: new Loaded("inline-safe", () => import("./merge").then((room) => room.merge)),
  transform: new Loaded("inline-safe", () => import("./transform").then((room) => room.transform)),
  filter: new Loaded("inline-safe", () => import("./filter").then((room) => room.filter)),
  map: new Loaded("inline-safe", () => import("./map").then((room) => room.map)),
  sort: new Loaded("inline-safe", () => import("./sort").then((room) => room.sort)),
  aggregate: new Loaded("inline-safe", () => import("./aggregate").then((room) => room.aggregate)),
  validate: new Loaded("inline-safe", () => import("./validate").then((room) => room.validate)),
  code: new Loaded("thread", () => import("./code").then((room) => room.loadCode())),
  http_request: new Loaded("thread", () => import("./http-request").then((room) => room.httpRequest)),
  email: new Loaded("thread", () => import("./email").then((room) => room.email)),
  notify: new Loaded("thread", () => import("./notify").then((room) => room.notify)),
  database: new Loaded("thread", () => import("./database").then((room) => room.database)),
  database_insert: new Loaded("thread", () => import("./database").then((room) => room.databaseInsert)),
  database_update: new Loaded("thread", () => import("./database").then((room) => room.databaseUpdate)),
  database_delete: new Loaded("thread", () => import("./database").then((room) => room.databaseDelete)),
  // No component type: how the workspace tries a connection.
  connection_test: new Loaded("child", () => import("./connection-test").then((room) => room.connectionTest)),
  file: new Loaded("child", () => import("./file").then((room) => room.file)),
};

/** The behaviour of every type that workers carry out, by canonical name; `parallel`, `loop` and `workflow_call` are the engine's. */
export const behaviours: { readonly [type: string]: Entry } = entries;

const capability = new Loaded("thread", () => import("./capability").then((room) => room.capability));

/** The behaviour of `type`: those above, or a capability of the workspace. */
export function behaviourOf(type: string): Entry | undefined {
  if (Object.hasOwn(entries, type)) return entries[type];
  return isCapability(type) ? capability : undefined;
}

/** Loads the behaviours of `types`; afterwards pure ones answer synchronously. Unknown types are passed over. */
export async function loadBehaviours(types: Iterable<string>): Promise<void> {
  await Promise.all([...types].map((type) => (Object.hasOwn(entries, type) ? entries[type]!.load() : undefined)));
}

/**
 * Where `task` must run. More than its type says when it reads files (`transform` with `source` or `destination`,
 * anything on a dataset, a SQLite database) or is trusted code.
 */
export function placementOf(task: Task): Placement {
  const entry = Object.hasOwn(entries, task.type) ? entries[task.type] : undefined;
  if (!entry) return "thread";
  const { config, type } = task;
  if (type === "transform" && ((config["source"] ?? null) !== null || (config["destination"] ?? null) !== null))
    return "child";
  if (type === "code" && config["trust"] === "trusted") return "child";
  if (type.startsWith("database")) return databasePlacement(task);
  if (entry.runsIn === "inline-safe" && readsDataset(task)) return "child";
  return entry.runsIn;
}

/**
 * SQLite holds its thread while it runs, reading a dataset takes native memory, and a limit of memory holds for a process only. What
 * is left mostly waits for a server, with few rows in memory at a time.
 */
function databasePlacement({ config, input, limits, services }: Task): Placement {
  const native = services?.connection?.kind === "sqlite" || isDataset(config["values"] ?? input);
  return native || limits.memoryBytes !== undefined ? "child" : "thread";
}

const READERS: ReadonlySet<string> = new Set(["transform", "filter", "map", "sort", "aggregate", "validate"]);

function readsDataset({ type, config, input }: Task): boolean {
  if (READERS.has(type)) return isDataset(config["records"] ?? input);
  if (type !== "merge" || ((config["combine"] ?? "object") === "object" && config["join_by"] === undefined))
    return false;
  return isDataset(input) || (isJsonObject(input) && Object.values(input).some((way) => isDataset(way ?? null)));
}
