import type { ComponentPath } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import { cachingOf, type Caching, type CacheSlot } from "@shared/execution/caching";
import { Gone } from "@shared/execution/decide";
import type { ComponentError } from "@shared/execution/error";
import type { PlanNode } from "@shared/execution/node";
import { openerOf, type ValueOpener } from "@shared/execution/opened";
import { objectOf, partOf } from "@shared/execution/parts";
import { summaryOf } from "@shared/execution/preview";
import { ageText } from "@shared/execution/recall";
import { isAwaited } from "@shared/execution/pending";
import { componentAt } from "@shared/execution/read";
import type { ComponentState } from "@shared/execution/state";
import { inline, NULL_VALUE, REDACTED, type Value } from "@shared/execution/value";
import { NOTHING_KEPT } from "@shared/execution/keep";
import type { Finished, Kept, Referred } from "@shared/execution/work";
import type { Course, SessionRooms } from "./course";
import type { Landing } from "./flights";
import type { CacheChange, CacheHit } from "./sharing";
import { rehome } from "./texts";

/** How long one waits for another's fetch when its own attempt has no time limit. */
const PATIENCE = 30_000;

/** A value that came out of the cache, as this execution holds it. */
interface Taken {
  readonly value: Value;
  readonly kept: Kept;
  readonly storedAt: AtMs;
}

/** What one execution takes from the cache and gives to it. */
export class SessionCache {
  /** By path: the key this execution fetches for everybody. */
  private readonly leads = new Map<ComponentPath, string>();

  constructor(
    private readonly course: Course,
    private readonly rooms: SessionRooms,
  ) {}

  /**
   * The answer to an attempt, when the cache has it: at once, or when whoever fetches it already is done.
   *
   * @returns undefined when the attempt is to be carried out.
   */
  async answer(
    path: ComponentPath,
    attempt: number,
    config: Value,
    referred: Referred,
    signal: AbortSignal,
    patience = PATIENCE,
  ): Promise<Finished | undefined> {
    const { course, rooms } = this;
    const node = componentAt(course.plan, course.state, path)?.node;
    const caching = node === undefined ? undefined : cachingOf(node, config);
    if (node === undefined || caching?.read === undefined) return undefined;
    const key = this.keyOf(node, config, caching, caching.read, openerOf(referred));
    const until = rooms.clock.now() + patience;
    for (;;) {
      const hit = this.fresh(key, caching.read);
      const taken = hit === undefined ? undefined : take(hit, `${path}@${attempt}`);
      if (taken !== undefined) return this.hit(key, node, taken);
      const left = until - rooms.clock.now();
      const taker = rooms.flights.isTaken(key, course.id, path);
      if (taker === "own" || left <= 0 || signal.aborted || caching.writes.length === 0) return undefined;
      // The turn that stops it may not be written yet; nobody would land what it led.
      if (!isAwaited(course.plan, course.state, { kind: "attempt", path, attempt })) return undefined;
      if (taker === "no" && rooms.cache.lease(key, rooms.clock.now())) {
        rooms.flights.lead(key, course.id, path);
        this.leads.set(path, key);
        return undefined;
      }
      const landing = await this.aside(() =>
        taker === "no" ? rooms.flights.waitOutside(left, signal) : rooms.flights.wait(key, left, signal),
      );
      if (landing.kind === "failed") return { kind: "failed", error: landing.error, kept: NOTHING_KEPT };
      if (landing.kind === "late") return undefined;
      // Too large to be kept: everybody fetches for himself.
      if (landing.kind === "stored" && this.fresh(key, caching.read) === undefined) return undefined;
    }
  }

  /** Waits without a slot: whoever is waited for may need it. */
  private async aside(wait: () => Promise<Landing>): Promise<Landing> {
    this.rooms.slots.free();
    const landing = await wait();
    await new Promise<void>((resolve) => this.rooms.slots.take(resolve));
    return landing;
  }

  private hit(key: string, node: PlanNode, { value, kept, storedAt }: Taken): Finished {
    const at = this.rooms.clock.now();
    this.course.post(() => this.course.share({ cache: { kind: "used", key, at } }));
    return {
      kind: "completed",
      output: given(node, value),
      kept,
      facts: `hit · ${ageText(at - storedAt)} old`,
      from: "cache",
    };
  }

  /** Part of a turn: a component settled; a good output is kept, and those who wait for it are told. */
  settled(path: ComponentPath): void {
    const { course } = this;
    const placed = componentAt(course.plan, course.state, path);
    const slot = placed?.state;
    if (placed !== undefined && slot !== undefined && isGood(placed.node, slot)) this.keep(placed.node, slot);
    this.land(path, landingOf(slot));
  }

  /** Part of a turn: an attempt failed. Whoever waited for it fails too, and the pause before another is each one's own. */
  failed(path: ComponentPath, { type, message }: ComponentError): void {
    this.land(path, { kind: "failed", error: { type, message } });
  }

  /** Part of a turn: what `path` fetched for everybody is over. */
  private land(path: ComponentPath, landing: Landing): void {
    const { course, rooms } = this;
    const key = this.leads.get(path);
    if (key === undefined) return;
    this.leads.delete(path);
    course.share({ cache: { kind: "released", key } });
    course.afterwards(() => rooms.flights.land(key, landing));
  }

  private keep(node: PlanNode, slot: ComponentState): void {
    const { course, rooms } = this;
    const { config = NULL_VALUE } = slot;
    // A lookup wraps what it got.
    const output = node.kind === "lookup" && slot.output !== undefined ? partOf(slot.output, "value") : slot.output;
    const caching = cachingOf(node, config);
    if (caching === undefined || output === undefined || caching.writes.length === 0) return;
    const opener = openerOf((kind, id) => course.text(kind, id));
    const at = rooms.clock.now();
    const moved = rehome(output, "", (kind, id) =>
      readable(() => course.text(kind === "stored" ? "texts" : "secrets", id)),
    );
    if ("kind" in moved) return;
    for (const slotOf of caching.writes) {
      const key = readable(() => this.keyOf(node, config, caching, slotOf, opener));
      if (key === undefined) continue;
      const put: CacheChange = {
        kind: "put",
        key,
        ...(caching.scope === "workspace" ? {} : { workflowId: course.plan.workflow.id }),
        value: JSON.stringify(moved.value),
        values: moved.kept.values,
        secrets: moved.kept.secrets,
        at,
        ...(slotOf.ttlMs === undefined ? {} : { expiresAt: at + slotOf.ttlMs }),
        summary: summary(moved.value),
      };
      course.share({ cache: put });
    }
  }

  /** Part of a turn: the last good output of a component whose attempts are used up. */
  recall(path: ComponentPath): void {
    const { course, rooms } = this;
    const at = rooms.clock.now();
    const placed = componentAt(course.plan, course.state, path);
    const config = placed?.state.config ?? NULL_VALUE;
    const caching = placed === undefined ? undefined : cachingOf(placed.node, config);
    const slot = caching?.recall;
    // Without an evaluated config only a name leads to it.
    const isKnown = slot !== undefined && (slot.key !== undefined || placed?.state.config !== undefined);
    if (placed === undefined || caching === undefined || !isKnown) {
      course.take({ kind: "recalled", at, path });
      return;
    }
    const opener = openerOf((kind, id) => course.text(kind, id));
    const key = readable(() => this.keyOf(placed.node, config, caching, slot, opener));
    const found = key === undefined ? undefined : rooms.cache.get(key);
    const taken = found === undefined ? undefined : take(found, `${path}^last-good`);
    if (key === undefined || taken === undefined) {
      course.take({ kind: "recalled", at, path });
      return;
    }
    course.share({ cache: { kind: "used", key, at } });
    course.take(
      { kind: "recalled", at, path, output: given(placed.node, taken.value), storedAt: taken.storedAt },
      taken.kept,
    );
  }

  /** The execution leaves this host: what it fetched for others, another has to fetch. */
  close(): void {
    for (const key of this.leads.values()) {
      this.rooms.cache.giveBack(key);
      this.rooms.flights.land(key, { kind: "gone" });
    }
    this.leads.clear();
  }

  private fresh(key: string, { maxAgeMs }: CacheSlot): CacheHit | undefined {
    const hit = this.rooms.cache.get(key);
    if (hit === undefined) return undefined;
    const now = this.rooms.clock.now();
    const isOld = maxAgeMs !== undefined && hit.storedAt + maxAgeMs <= now;
    return isOld || (hit.expiresAt !== undefined && hit.expiresAt <= now) ? undefined : hit;
  }

  /** A key that holds something sensitive is a digest: keys are shown. */
  private keyOf(node: PlanNode, config: Value, { scope }: Caching, { key }: CacheSlot, opener: ValueOpener): string {
    const { environment } = this.course.parts.head;
    const place = scope === "workspace" ? "~" : this.course.plan.workflow.id;
    // What one environment answers is not true in another.
    const home = environment === undefined ? place : `${place}@${environment}`;
    if (key === undefined) return `${home}/${node.id}#${this.digest(opener.read(config).json)}`;
    const { json, sensitive } = opener.read(key);
    if (sensitive) return `${home}/#${this.digest(json)}`;
    return `${home}/${typeof json === "string" ? json : JSON.stringify(json)}`;
  }

  private digest(json: unknown): string {
    return this.rooms.cache.digest(JSON.stringify(json));
  }
}

/** Whether what a component gave is its own and may be kept. */
function isGood({ caches, disabled }: PlanNode, { status, from }: ComponentState): boolean {
  return caches && !disabled && status === "completed" && from === undefined;
}

function landingOf(slot: ComponentState | undefined): Landing {
  if (slot?.status === "completed") return { kind: "stored" };
  if (slot?.status === "failed" && slot.error !== undefined) {
    const { type, message } = slot.error;
    return { kind: "failed", error: { type, message } };
  }
  return { kind: "gone" };
}

/** A cached value as the output of `node`. */
function given(node: PlanNode, value: Value): Value {
  return node.kind === "lookup" ? objectOf({ hit: inline(true), value }) : value;
}

/** A hit's value as another execution holds it; undefined when parts of it cannot be read any more. */
function take({ value, storedAt, text }: CacheHit, prefix: string): Taken | undefined {
  const moved = rehome(JSON.parse(value) as Value, prefix, text);
  return "kind" in moved ? undefined : { ...moved, storedAt };
}

/** What `read` gives, unless a sensitive value it takes has left the vault. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Gone) return undefined;
    throw error;
  }
}

function summary(value: Value): string {
  switch (value.kind) {
    case "inline":
      return summaryOf(value.json);
    case "stored":
      return value.summary;
    case "object":
      return summaryOf(Object.fromEntries(Object.keys(value.fields).map((key) => [key, null])));
    case "list":
      return `${value.items.length} item${value.items.length === 1 ? "" : "s"}`;
    case "sensitive":
    case "part":
      return REDACTED;
  }
}
