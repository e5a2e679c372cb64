import { isJsonObject, type JsonObject } from "@shared/base/json";
import { isFor } from "@shared/workflow/triggers/filter";
import { ENDINGS } from "@shared/workflow/triggers/event-type";
import type { StoredEvent } from "../store/events";
import type { Able, Directory } from "./directory";
import type { Fires } from "./fire";
import { Line } from "./line";
import type { TriggersPorts } from "./ports";

/** Events that come of events that come of events stop here: a workflow must not keep itself going for ever. */
const LONGEST_CHAIN = 20;

/** An event as expressions see it: what its payload holds, its type, and its id and time where the payload has none of its own. */
export function eventOf({
  key,
  type,
  at,
  payload,
}: Omit<StoredEvent, "id" | "chain">): JsonObject & { readonly type: string } {
  const fields = isJsonObject(payload) ? payload : { payload };
  return { id: key, time: new Date(at).toISOString(), ...fields, type };
}

/** Starts what listens for events, each event once. */
export class Emitted {
  private readonly line = new Line();

  constructor(
    private readonly ports: TriggersPorts,
    private readonly directory: Directory,
    private readonly fires: Fires,
  ) {}

  /** Looks at the events that nobody has looked at. */
  look(): Promise<void> {
    return this.line.next(async () => {
      for (;;) {
        const events = this.ports.events.unhandled();
        if (events.length === 0) return;
        for (const event of events) await this.hear(event);
      }
    });
  }

  private async hear(stored: StoredEvent): Promise<void> {
    const { events, clock, triggers } = this.ports;
    const event = eventOf(stored);
    let started = 0;
    for (const known of this.directory.on("apg_event")) {
      const meant = isFor(known.trigger.value, event, clock.now());
      if (!meant.ok) {
        const message = `The event ${stored.type} was passed over, as the filter cannot be judged for it: ${meant.problem}`;
        triggers.said(known.row.id, { at: clock.now(), outcome: "failed", message });
      } else if (meant.value && stored.chain >= LONGEST_CHAIN) {
        const message = `The event ${stored.type} is the last of ${LONGEST_CHAIN} that led to one another; it starts nothing more.`;
        triggers.said(known.row.id, { at: clock.now(), outcome: "refused", message });
      } else if (meant.value && !isOwn(known, event)) {
        const fired = await this.fires.fire(known, { key: stored.key, event, input: stored.payload });
        if (fired.kind === "fired" && (fired.outcome === "started" || fired.outcome === "queued")) started += 1;
      }
    }
    events.handled(stored.id, clock.now(), started);
  }
}

/** Whether the event is the end of an execution of the trigger's own workflow: no workflow starts itself by ending. */
function isOwn(known: Able, event: JsonObject): boolean {
  return String(event["type"]).startsWith(ENDINGS) && event["workflow_id"] === known.row.workflowId;
}
