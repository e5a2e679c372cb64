import { openerOf } from "@shared/execution/opened";
import type { Json } from "@shared/base/json";
import { ok } from "@shared/base/result";
import type { AtMs } from "@shared/base/units";
import type { Outcome } from "@shared/execution/effect";
import type { Entry } from "@shared/execution/event";
import { inline } from "@shared/execution/value";
import type { Finished, Work } from "@shared/execution/work";
import type { Workflow } from "@shared/workflow/workflow";
import { portsOf } from "../../src-main/compose/engine";
import type { Ended, Engine } from "../../src-main/engine/engine";
import { openEngine } from "../../src-main/engine/open";
import type { Carrier, Clock, JournalPort } from "../../src-main/engine/ports";
import type { CachePort } from "../../src-main/engine/sharing";
import type { Store } from "../../src-main/store/store";
import { decideHere } from "../../src-main/worker/deciding";
import { finish, taskOf } from "@shared/execution/perform";
import type { Happening, MemoryRun } from "../golden/memory-driver";
import { orderedRank } from "../golden/order";
import { freshFolder, freshStore } from "../store/folder";

/** Rounds of the event loop without anything new after which nothing more comes by itself: all that is left is asked of the script. */
const CALM = 8;
const KILLED = "the host was killed";

/** An attempt that waits for its outcome. */
interface Flight {
  readonly path: string;
  readonly land: () => void;
}

interface Alarm {
  readonly due: AtMs;
  readonly fire: () => void;
}

/** What a run needs beside what the memory driver takes. */
export interface ConductedRun extends MemoryRun {
  /** The workflows that are called, by id. */
  readonly workflows?: { readonly [id: string]: Workflow };
}

/**
 * A real engine over a real store that a script leads: which outcome comes next, when time passes, when somebody stops it or
 * something comes from outside, and where the host dies. Each is decided only when nothing else is under way, so that the same
 * run goes the same way on any machine.
 */
export class Conductor {
  readonly id: string;
  store: Store;
  readonly #run: ConductedRun;
  readonly #folder: string;
  readonly #startedAt: AtMs;
  #now: AtMs = Date.now();
  #life: Life;
  #kills: readonly number[];
  #cancels: readonly number[];
  #happenings: readonly Happening[];

  /** @param id of the execution, which differs in a store that several runs share. */
  constructor(run: ConductedRun, id = "memory", store?: Store) {
    this.#run = run;
    this.#folder = store?.folder ?? freshFolder();
    this.#kills = run.kills ?? [];
    this.#cancels = [run.cancelAfter ?? []].flat();
    this.#happenings = run.happenings ?? [];
    this.store = store ?? freshStore(this.#folder);
    this.#startedAt = this.#now;
    this.id = id;
    this.#life = this.#begin();
    startRun(this.#life.engine, run, this.store.files, id);
  }

  /** Leads it to its end. */
  async run(): Promise<{ readonly entries: readonly Entry[]; readonly ended: Ended }> {
    for (;;) {
      await this.#life.calm();
      if (this.#life.isDead) await this.#comeBack();
      else if (this.#life.trouble !== undefined) throw this.#life.trouble;
      else if (this.store.executions.head(this.id)?.settlement !== undefined) break;
      else this.#go();
    }
    const ended = await this.#life.engine.settled(this.id);
    return { entries: await this.store.reader.journal(this.id, 1, 1_000_000), ended };
  }

  close(): Promise<void> {
    return this.#life.engine.close();
  }

  #go(): void {
    const { engine, flights } = this.#life;
    const events = this.store.executions.head(this.id)?.events ?? 0;
    if ((this.#cancels[0] ?? Infinity) <= events) {
      this.#cancels = this.#cancels.slice(1);
      engine.cancel(this.id, "stopped");
    } else if (flights.length > 0) {
      const ranks = flights.map(({ path }) => orderedRank(this.#run.order ?? [], path));
      flights.splice(ranks.indexOf(Math.min(...ranks)), 1)[0]?.land();
    } else this.#passTime();
  }

  #passTime(): void {
    const { alarms, engine } = this.#life;
    const [next] = alarms.toSorted((a, b) => a.due - b.due);
    const [happening] = this.#happenings;
    const due = happening === undefined ? Infinity : this.#startedAt + happening.after;
    if (happening !== undefined && due <= (next?.due ?? Infinity)) {
      this.#happenings = this.#happenings.slice(1);
      this.#now = Math.max(this.#now, due);
      if ("task" in happening) engine.answer(this.id, happening.task, happening.answer, happening.by);
      else engine.deliver(happening.event, happening.payload);
      return;
    }
    if (next === undefined) throw new Error("nothing is left to happen, and the execution has not settled");
    alarms.splice(alarms.indexOf(next), 1);
    this.#now = Math.max(this.#now, next.due);
    next.fire();
  }

  #begin(): Life {
    return new Life(this.#run, this.id, this.store, () => this.#now, this.#dies);
  }

  /** Whether the host dies with what was written up to `seq`. */
  readonly #dies = (seq: number): boolean => {
    const isOver = (this.#kills[0] ?? Infinity) <= seq;
    this.#kills = this.#kills.filter((kill) => kill > seq);
    return isOver;
  };

  async #comeBack(): Promise<void> {
    await this.#life.engine.close();
    await this.store.close();
    this.store = freshStore(this.#folder);
    this.#life = this.#begin();
    await this.#life.engine.resumeUnfinished();
  }
}

/** One host from its beginning to its death. */
class Life {
  readonly engine: Engine;
  readonly flights: Flight[] = [];
  readonly alarms: Alarm[] = [];
  isDead = false;
  trouble: Error | undefined;
  /** What the store's threads and others are asked at the moment. */
  #asked = 0;
  #written = 0;
  readonly #landed = new Map<string, number>();

  constructor(
    private readonly run: ConductedRun,
    private readonly id: string,
    store: Store,
    private readonly now: () => AtMs,
    private readonly dies: (seq: number) => boolean,
  ) {
    const ports = portsOf(store);
    this.engine = openEngine({
      ...ports,
      journal: this.#journal(ports.journal),
      values: { ...ports.values, text: this.#counted(ports.values.text), json: this.#counted(ports.values.json) },
      // Outcomes are scripted: no attempt asks the workspace for anything.
      services: { provide: () => ok({ sensitive: [] }), refusal: () => undefined },
      cache: holding(ports.cache, run, now),
      carrier: { ...NO_THREADS, carry: (work, _lane, signal) => this.#fly(work, signal) },
      clock: this.#clock(),
      grouping: false,
      definitions: {
        resolve: async (id) => {
          const definition = run.workflows?.[id];
          return definition === undefined ? undefined : { definition };
        },
      },
      trouble: (_id, error) => {
        if (!this.isDead) this.trouble = error instanceof Error ? error : new Error(String(error));
      },
    });
  }

  /** Resolves when nothing more comes by itself. */
  async calm(): Promise<void> {
    let before = "";
    for (let calm = 0; calm < CALM;) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = [this.#written, this.#asked, this.flights.length, this.alarms.length].join(" ");
      calm = this.#asked === 0 && now === before ? calm + 1 : 0;
      before = now;
    }
  }

  #counted<A extends readonly unknown[], R>(ask: (...given: A) => Promise<R>): (...given: A) => Promise<R> {
    return async (...given) => {
      this.#asked += 1;
      try {
        return await ask(...given);
      } finally {
        this.#asked -= 1;
      }
    };
  }

  #journal(journal: JournalPort): JournalPort {
    return {
      write: (turns) => {
        if (this.isDead) throw new Error(KILLED);
        journal.write(turns);
        this.#written += 1;
        // What is written stays; what it asked for never happens.
        if (!turns.some(({ head, lastSeq }) => head?.parent === undefined && this.dies(lastSeq))) return;
        this.isDead = true;
        throw new Error(KILLED);
      },
      writeAhead: (id, values) => journal.writeAhead(id, values),
      durable: this.#counted(journal.durable),
      read: this.#counted(journal.read),
      snapshot: this.#counted(journal.snapshot),
      makeSnapshot: this.#counted(journal.makeSnapshot),
    };
  }

  #fly(work: Work, signal: AbortSignal): Promise<Finished> {
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => resolve(finish(taskOf(work), outcome));
      const flight = { path: work.path, land: () => end(scriptedOutcome(this.run, this.#counting(work))) };
      this.flights.push(flight);
      signal.addEventListener("abort", () => {
        const at = this.flights.indexOf(flight);
        if (at < 0) return;
        this.flights.splice(at, 1);
        end({ kind: "failed", error: { type: "cancelled", message: "It was stopped." } });
      });
    });
  }

  /** In a called execution the script counts how often it was called, since each call is an execution of its own. */
  #counting(work: Work): Work {
    if (work.executionId === this.id) return work;
    const attempt = (this.#landed.get(work.path) ?? 0) + 1;
    this.#landed.set(work.path, attempt);
    return { ...work, attempt };
  }

  #clock(): Clock {
    return {
      now: this.now,
      after: (delay, fire) => {
        const alarm = { due: this.now() + delay, fire };
        this.alarms.push(alarm);
        return () => {
          const at = this.alarms.indexOf(alarm);
          if (at >= 0) this.alarms.splice(at, 1);
        };
      },
      random: chance,
    };
  }
}

/** What a carrier does beside attempts, in the thread that asks. */
export const NO_THREADS: Omit<Carrier, "carry"> = {
  group: () => {
    throw new Error("grouping is off");
  },
  think: async (job) => decideHere(job as Parameters<typeof decideHere>[0]) as never,
  warm: () => undefined,
  info: () => ({ workers: 0, busy: 0 }),
  close: async () => undefined,
};

/** The chance of the memory driver. */
export const chance = (bytes: number): string => (bytes === 16 ? "seed" : "0".repeat(bytes * 2));

/** What the script of `run` says of an attempt. */
export function scriptedOutcome(run: MemoryRun, work: Work): Outcome {
  const opener = openerOf(work);
  const { path, type, attempt } = work;
  return run.script({
    path,
    type,
    attempt,
    input: opener.read(work.input).json,
    config: opener.read(work.config).json,
  });
}

/** Starts `run` on `engine`; gives its id, which is `id` if that is said. */
export function startRun(engine: Engine, run: MemoryRun, folder: string, id?: string): string {
  const sensitive = Object.fromEntries((run.sensitive ?? []).map((name) => [name, { sensitive: true }]));
  const parameters = Object.fromEntries(Object.keys(run.parameters ?? {}).map((name) => [name, sensitive[name] ?? {}]));
  const started = engine.start({
    definition: { parameters, ...run.definition },
    input: run.input ?? null,
    parameters: run.parameters ?? {},
    env: {},
    folder,
    allowed: [],
    hosts: {},
    trusted: false,
    ...(id === undefined ? {} : { id }),
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  return started.value.id;
}

/** `cache`, with what a run says it holds from before: four minutes old. */
function holding(cache: CachePort, { cached = {}, lastGood = {} }: MemoryRun, clock: () => AtMs): CachePort {
  const before = (key: string): Json | undefined => {
    const named = key.slice(key.indexOf("/") + 1);
    return cached[named] ?? lastGood[named] ?? lastGood[/([^/]*)#[^#]*$/.exec(key)?.[1] ?? ""];
  };
  return {
    digest: (text) => cache.digest(text),
    get: (key) => {
      const json = before(key);
      if (json === undefined) return cache.get(key);
      return { value: JSON.stringify(inline(json)), storedAt: clock() - 240_000, text: () => undefined };
    },
    lease: (key, at) => cache.lease(key, at),
    giveBack: (key) => cache.giveBack(key),
  };
}
