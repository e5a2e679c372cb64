import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { AtMs } from "@shared/base/units";
import type { Trigger } from "@shared/workflow/triggers/trigger";
import type { Firing } from "../store/firings";
import type { LastFiring } from "../store/triggers";
import type { Able, Directory, Known } from "./directory";
import { givenBy } from "./given";
import { Line } from "./line";
import type { FirePorts } from "./ports";

/** What came with a firing. */
export interface Brought {
  /** Of one happening: a second firing of the trigger with this key is none. */
  readonly key: string;
  /** `event` in expressions; its id and time are the firing's where it has none. */
  readonly event: JsonObject & { readonly type: string };
  /** The execution's input unless the trigger says otherwise. */
  readonly input: Json;
}

/** What a firing came to; `duplicate` when it had been fired before. */
export type Fired =
  | { readonly kind: "duplicate"; readonly executionId?: string }
  | ({ readonly kind: "fired" } & LastFiring & { readonly executionId: string });

/** Starts what triggers fire: notes each firing first, then starts it as the trigger's `overlap` says. */
export class Fires {
  /** One after another for each trigger, so that `overlap` sees what came before. */
  private readonly lines = new Map<number, Line>();

  constructor(
    private readonly ports: FirePorts,
    private readonly directory: Pick<Directory, "byId">,
    private readonly changed: () => void,
  ) {}

  async fire(known: Able, brought: Brought): Promise<Fired> {
    const firing = this.note(known, brought);
    if (firing === undefined) {
      const executionId = this.ports.firings.executionOf(known.row.id, brought.key);
      return { kind: "duplicate", ...(executionId === undefined ? {} : { executionId }) };
    }
    return this.inLine(known.row.id, async () => ({ kind: "fired", ...(await this.begin(known, firing)) }));
  }

  /** Notes a firing for the host that fires; undefined when there was one with its key. */
  note(known: Able, { key, event, input }: Brought): Firing | undefined {
    const { firings, clock, newId } = this.ports;
    const at = clock.now();
    const whole = { id: key, time: new Date(at).toISOString(), ...event };
    return firings.add({ triggerId: known.row.id, key, at, executionId: newId(), event: whole, input });
  }

  /** Takes up firings that have not come to anything: those left by a host that is gone, and those whose turn has come. */
  async takeUp(): Promise<void> {
    for (const { id, triggerId } of this.ports.firings.due()) {
      const known = this.directory.byId(triggerId);
      if (known === undefined) continue;
      await this.inLine(triggerId, async () => {
        // An earlier pass may have begun it meanwhile.
        const firing = this.ports.firings.open(id);
        if (firing === undefined || (firing.state === "queued" && this.mustWait(firing))) return;
        if (isAble(known)) await this.begin(known, firing);
        else this.end(known, firing, "failed", known.trigger.ok ? "" : known.trigger.problem);
      });
    }
  }

  /** Whether what its trigger fired before is still under way, or waits itself. */
  private mustWait(firing: Firing): boolean {
    const { firings } = this.ports;
    return firings.underWay(firing.triggerId).length > 0 || firings.isBehind(firing);
  }

  private inLine<T>(triggerId: number, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(triggerId) ?? new Line();
    this.lines.set(triggerId, line);
    return line.next(work);
  }

  private async begin(known: Able, firing: Firing): Promise<LastFiring & { readonly executionId: string }> {
    const { ports } = this;
    // Started before a host died, and not noted any more.
    if (ports.exists(firing.executionId)) return this.end(known, firing, "started");
    const trigger: Trigger = known.trigger.value;
    const before = ports.firings.underWay(known.row.id);
    if (before.length > 0 && trigger.overlap === "skip")
      return this.end(known, firing, "skipped", "The execution it started before is still under way.");
    if (trigger.overlap === "queue" && this.mustWait(firing)) {
      ports.firings.state(firing.id, "queued");
      return this.say(known, firing, "queued", "It starts when the one before has ended.");
    }
    if (trigger.overlap === "cancel_previous")
      for (const id of before) ports.cancel(id, "Its trigger fired again, and cancels what it started before.", "once");
    const given = givenBy(trigger, firing.event, firing.input, ports.env(), ports.clock.now());
    if (!given.ok) return this.end(known, firing, "refused", given.problem);
    const correlationId = isJsonObject(firing.event) && known.correlates ? firing.event["correlation_id"] : undefined;
    const started = await ports.start({
      workflowId: known.row.workflowId,
      id: firing.executionId,
      event: firing.event,
      ...given.value,
      ...(typeof correlationId === "string" && correlationId !== "" ? { correlationId } : {}),
      ...(trigger.priority === undefined ? {} : { priority: trigger.priority }),
    });
    if (!started.ok) return this.end(known, firing, started.problem.outcome, started.problem.message);
    ports.firings.state(firing.id, "started");
    return this.say(known, firing, started.value.queued ? "queued" : "started");
  }

  private end(known: Known, firing: Firing, state: "started" | "skipped" | "refused" | "failed", message?: string) {
    this.ports.firings.state(firing.id, state, message);
    return this.say(known, firing, state, message);
  }

  private say(known: Known, { executionId }: Firing, outcome: LastFiring["outcome"], message?: string) {
    const hasExecution = outcome === "started" || outcome === "queued";
    const at: AtMs = this.ports.clock.now();
    const said = { at, outcome, ...(message === undefined ? {} : { message }) };
    this.ports.triggers.said(known.row.id, { ...said, ...(hasExecution ? { executionId } : {}) });
    this.changed();
    return { ...said, executionId };
  }
}

export function isAble(known: Known): known is Able {
  return known.trigger.ok;
}
