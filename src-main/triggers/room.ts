import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { isMeant } from "@shared/base/pattern";
import type { TriggerRow } from "@shared/contract/waiting";
import { nextDue } from "@shared/workflow/triggers/schedule";
import { summaryOf } from "@shared/workflow/triggers/summary";
import type { Trigger } from "@shared/workflow/triggers/trigger";
import { type Able, Directory, type Known } from "./directory";
import { Emitted, eventOf } from "./emitted";
import { type Ending, Endings } from "./endings";
import { Files } from "./files";
import { type Brought, type Fired, Fires, isAble } from "./fire";
import { Line } from "./line";
import type { TriggersPorts } from "./ports";
import { isServed } from "./served";
import { Schedules } from "./schedules";
import { Webhooks } from "./webhooks";

/** Why a trigger could not be turned on or fired. */
export type TriggerProblem =
  | { readonly kind: "unknown-trigger"; readonly workflowId: string; readonly index: number }
  | { readonly kind: "unable"; readonly message: string }
  /** Another workflow's webhook that is on has the same address. */
  | { readonly kind: "address-taken"; readonly address: string; readonly workflowId: string }
  | { readonly kind: "refused"; readonly message: string };

/** What a posted event came to so far. */
export interface Emission {
  readonly id: string;
  readonly started: number;
  readonly woken: number;
  readonly isHeard: boolean;
}

const LEASE_MS = 2000;
const PURGE_MS = 3_600_000;
/** What was fired or posted is remembered so long, so that it is not taken twice. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** How long whoever posts or fires waits to be told by another host what came of it. */
const HEARD_MS = 5000;
/** How often a command looks whether the host that fires has taken in what it did. */
const LOOK_MS = 50;

/** Starts workflows while a host runs: by hand, by time, by request, by event, by file. One host of a workspace does it for all. */
export class TriggersRoom {
  private readonly directory: Directory;
  private readonly fires: Fires;
  private readonly schedules: Schedules;
  private readonly webhooks: Webhooks;
  private readonly files: Files;
  private readonly emitted: Emitted;
  private readonly endings: Endings;
  private readonly listeners = new Set<() => void>();
  private readonly line = new Line();
  private readonly stopListening: () => void;
  private stopTimer: () => void = () => undefined;
  private stays = false;
  private leads = false;
  private dirty = false;
  private closed = false;
  /** The patterns of events that triggers listen for, until something changes. */
  private patterns: readonly string[] | undefined;

  constructor(private readonly ports: TriggersPorts) {
    this.directory = new Directory(ports);
    const changed = (): void => this.tell();
    this.fires = new Fires(ports, this.directory, changed);
    this.schedules = new Schedules(ports, this.directory, this.fires, changed);
    this.webhooks = new Webhooks(ports, this.directory, this.fires);
    this.files = new Files(ports, this.directory, this.fires);
    this.emitted = new Emitted(ports, this.directory, this.fires);
    this.endings = new Endings(
      ports,
      (type) => this.isListened(type) || ports.isAwaited(type),
      (type, payload, key, by) => this.post(type, payload, key, by),
    );
    this.stopListening = ports.onChange((what) => this.happened(what));
  }

  /** Has this host fire the workspace's triggers as soon as no other does. */
  async begin(): Promise<void> {
    this.stays = true;
    await this.look();
    this.tick();
  }

  private tick(): void {
    if (this.closed) return;
    this.stopTimer = this.ports.clock.after(this.leads ? PURGE_MS : LEASE_MS, () => {
      // A host that died says nothing: its lease is free, and only asking shows it.
      if (!this.leads) this.soon();
      else this.purge();
      this.tick();
    });
  }

  private purge(): void {
    const now = this.ports.clock.now();
    this.ports.firings.purge(now - KEPT_MS);
    this.ports.events.purge(now - KEPT_MS);
  }

  private happened(what: "workflows" | "executions" | "outside"): void {
    if (this.closed) return;
    if (what !== "executions") this.patterns = undefined;
    if (what === "outside") this.tell();
    if (this.stays && (what !== "executions" || this.ports.firings.hasOpen())) this.soon();
  }

  private soon(): void {
    if (this.dirty || this.closed) return;
    this.dirty = true;
    this.look().catch(this.ports.trouble);
  }

  /** Takes in what changed, and fires what is due. */
  private look(): Promise<void> {
    return this.line.next(async () => {
      this.dirty = false;
      if (this.closed) return;
      this.directory.refresh();
      this.leads = this.ports.lease.take();
      if (!this.leads) return;
      const steps = [
        () => this.webhooks.look(),
        () => this.files.look(),
        () => this.schedules.look(),
        () => this.emitted.look(),
        () => this.fires.takeUp(),
      ];
      // What fails with one is tried again at the next look, and keeps nothing from the others.
      for (const step of steps) await step().catch(this.ports.trouble);
    });
  }

  list(workflowId?: string): readonly TriggerRow[] {
    this.directory.refresh();
    return this.directory.all(workflowId).map((known) => this.rowOf(known));
  }

  private rowOf(known: Known): TriggerRow {
    const { row, workflowName, trigger } = known;
    const written = JSON.parse(row.definition) as { readonly type?: unknown };
    const problem = trigger.ok ? this.problemOf(known, trigger.value) : trigger.problem;
    const next = trigger.ok && trigger.value.type === "schedule" && row.enabled ? trigger.value : undefined;
    const nextAt = next === undefined ? undefined : nextDue(next, Math.max(row.accountedUntil, this.ports.clock.now()));
    const port = this.ports.webhookPort.get();
    const hook = trigger.ok && trigger.value.type === "webhook" && port > 0 ? trigger.value : undefined;
    return {
      workflowId: row.workflowId,
      workflowName,
      index: row.index,
      type: trigger.ok ? trigger.value.type : typeOf(written.type),
      summary: trigger.ok ? summaryOf(trigger.value) : "",
      enabled: row.enabled,
      ...(nextAt === undefined ? {} : { nextAt }),
      ...(hook === undefined ? {} : { address: `http://127.0.0.1:${port}${hook.path}` }),
      ...(row.last === undefined ? {} : { last: row.last }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  private problemOf({ row }: Known, trigger: Trigger): string | undefined {
    if (!row.enabled) return undefined;
    if (!this.ports.isVaultOpen()) return "The vault of this workspace is locked; triggers fire once it is unlocked.";
    if (trigger.type === "file") return this.files.problemOf(row.id);
    if (trigger.type !== "webhook") return undefined;
    const secret = trigger.signature?.secret;
    if (secret !== undefined && "name" in secret && this.ports.secret(secret.name) === undefined)
      return `The secret ${secret.name} is not in the workspace; requests are refused until it is.`;
    return this.webhooks.trouble;
  }

  async enable(workflowId: string, index: number, on: boolean): Promise<Result<null, TriggerProblem>> {
    this.directory.refresh();
    const known = this.directory.at(workflowId, index);
    if (known === undefined) return fail({ kind: "unknown-trigger", workflowId, index });
    if (on && !known.trigger.ok) return fail({ kind: "unable", message: known.trigger.problem });
    const taken = on && known.trigger.ok ? this.clash(known, known.trigger.value) : undefined;
    if (taken !== undefined) return fail(taken);
    this.ports.triggers.enable(known.row.id, on, this.ports.clock.now());
    this.patterns = undefined;
    if (this.stays) await this.look();
    else if (on && known.trigger.ok && known.trigger.value.type === "webhook")
      await this.servedElsewhere(known.trigger.value.path);
    this.tell();
    return ok(null);
  }

  /** Whoever turned it on may send a request at once: the host that fires is given a moment to hear it. */
  private async servedElsewhere(path: string): Promise<void> {
    const { clock, lease, webhookPort } = this.ports;
    const until = clock.now() + HEARD_MS;
    while (lease.isHeld() && clock.now() < until) {
      const port = webhookPort.get();
      if (port > 0 && (await isServed(port, path))) return;
      await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
    }
  }

  private clash(known: Known, trigger: Trigger): TriggerProblem | undefined {
    if (trigger.type !== "webhook") return undefined;
    const other = this.directory
      .on("webhook")
      .find(
        ({ row, trigger: { value } }) =>
          row.id !== known.row.id && value.path === trigger.path && value.method === trigger.method,
      );
    return other && { kind: "address-taken", address: summaryOf(trigger), workflowId: other.row.workflowId };
  }

  /** Fires a trigger by hand, on or off, with `input` as what it would have brought. */
  async fire(
    workflowId: string,
    index: number,
    input: Json,
  ): Promise<Result<{ readonly executionId?: string; readonly queued: boolean }, TriggerProblem>> {
    this.directory.refresh();
    const known = this.directory.at(workflowId, index);
    if (known === undefined) return fail({ kind: "unknown-trigger", workflowId, index });
    if (!isAble(known)) return fail({ kind: "unable", message: known.trigger.ok ? "" : known.trigger.problem });
    const key = `hand/${this.ports.newId()}`;
    const brought = { key, ...byHand(known.trigger.value, input, this.ports.clock.now()) };
    if (this.stays && !this.leads) await this.look();
    if (!this.leads) return this.fireElsewhere(known, brought);
    const fired: Fired = await this.fires.fire(known, brought);
    if (
      fired.kind === "duplicate" ||
      fired.outcome === "refused" ||
      fired.outcome === "failed" ||
      fired.outcome === "skipped"
    )
      return fail({ kind: "refused", message: (fired.kind === "fired" && fired.message) || "It was not started." });
    return ok({ executionId: fired.executionId, queued: fired.outcome === "queued" });
  }

  /** Leaves a firing to the host that fires. */
  private async fireElsewhere(
    known: Able,
    brought: Brought,
  ): Promise<Result<{ readonly executionId?: string; readonly queued: boolean }, TriggerProblem>> {
    const { firings, lease } = this.ports;
    if (!lease.isHeld())
      return fail({
        kind: "unable",
        message: "No studio runs on this workspace; start one, or run the workflow itself.",
      });
    const firing = this.fires.note(known, brought);
    if (firing === undefined) return fail({ kind: "refused", message: "It was fired before." });
    await this.until(() => firings.outcome(firing.id).state !== "pending");
    const { state, message } = firings.outcome(firing.id);
    if (state === "skipped" || state === "refused" || state === "failed")
      return fail({ kind: "refused", message: message ?? "It was not started." });
    return ok({ executionId: firing.executionId, queued: state !== "started" });
  }

  /**
   * Posts an event and waits until what listens for it was started. `isHeard` is false when no host was there for that: the event is
   * kept until one is. An event with a `key` that was posted before is that one; `by` is the execution that emits it.
   */
  async emit(
    type: string,
    payload: Json,
    { key = `event/${this.ports.newId()}`, by }: { readonly key?: string; readonly by?: string } = {},
  ): Promise<Emission> {
    const { events, lease } = this.ports;
    await this.post(type, payload, key, by);
    const id = events.numberOf(key) ?? 0;
    if (!events.heard(id).handled && lease.isHeld()) await this.until(() => events.heard(id).handled);
    const { handled, started, woken } = events.heard(id);
    return { id: key, started, woken, isHeard: handled };
  }

  private async post(type: string, payload: Json, key: string, by: string | undefined): Promise<void> {
    const { events, clock, deliver } = this.ports;
    const event = { key, type, at: clock.now(), payload, chain: by === undefined ? 0 : events.chainOf(by) };
    const id = events.add(event);
    if (id === undefined) return;
    events.woke(id, await deliver(type, eventOf(event)));
    if (this.stays) await this.look();
  }

  /** An execution has ended: an event, for those who listen. */
  ended(ending: Ending): void {
    this.endings.add(ending);
  }

  private isListened(type: string): boolean {
    if (this.patterns === undefined) {
      this.directory.refresh();
      this.patterns = this.directory.on("apg_event").map(({ trigger }) => trigger.value.pattern);
    }
    return this.patterns.some((pattern) => isMeant(pattern, type));
  }

  /** Resolves when another host has done it, or after a few seconds. */
  private until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      let stop: () => void = () => undefined;
      const giveUp = this.ports.clock.after(HEARD_MS, () => end());
      const stopListening = this.ports.onChange(() => void (isDone() && end()));
      const end = (): void => {
        stop();
        resolve();
      };
      stop = () => {
        giveUp();
        stopListening();
      };
    });
  }

  /** Calls `listener` after every change of the list; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** Fires nothing more. Executions may still end after it; see {@link finish}. */
  async close(): Promise<void> {
    this.endings.hold();
    await this.endings.flush();
    this.closed = true;
    this.stopTimer();
    this.stopListening();
    this.schedules.close();
    await this.webhooks.close();
    await this.files.close();
    await this.line.next(async () => undefined);
    this.ports.lease.release();
  }

  /** Keeps for the next host the events of executions that ended while this one closed. */
  finish(): Promise<void> {
    return this.endings.flush();
  }
}

function typeOf(type: unknown): TriggerRow["type"] {
  return type === "schedule" || type === "webhook" || type === "apg_event" || type === "file" ? type : "manual";
}

/** What a trigger would have brought, had it fired by itself. */
function byHand(trigger: Trigger, input: Json, now: number): Omit<Brought, "key"> {
  const fields: JsonObject = isJsonObject(input) ? input : input === null ? {} : { payload: input };
  switch (trigger.type) {
    case "manual":
      return { event: { ...fields, type: "manual" }, input };
    case "schedule": {
      const scheduledAt = new Date(now).toISOString();
      const { cron, timezone } = trigger;
      const event = { type: "schedule", scheduled_at: scheduledAt, cron, timezone: timezone ?? null, missed: 0 };
      return { event, input: input ?? { scheduled_at: scheduledAt, missed: 0 } };
    }
    case "webhook": {
      const { method, path } = trigger;
      return { event: { type: "webhook", method, path, query: {}, headers: {}, body: input }, input };
    }
    case "apg_event": {
      const type = typeof fields["type"] === "string" ? fields["type"] : trigger.pattern;
      return { event: { ...fields, type }, input };
    }
    case "file":
      return { event: { ...fields, type: "file" }, input };
  }
}
