import { isJsonObject, type Json } from "@shared/base/json";
import { keeper, NOTHING_KEPT } from "@shared/execution/keep";
import { openerOf } from "@shared/execution/opened";
import type { Finished, Work } from "@shared/execution/work";
import type { ErrorType } from "@shared/execution/error";
import { eventProblem } from "@shared/workflow/triggers/event-type";
import type { Carrier } from "../engine/ports";
import type { Emission } from "./room";

/** Posts an event for an execution. */
export type Emit = (
  type: string,
  payload: Json,
  from: { readonly key: string; readonly by: string },
) => Promise<Emission>;

/** `carrier`, with `emit_event` carried out here: an event belongs to the workspace, which no worker sees. */
export function emitting(carrier: Carrier, emit: Emit): Carrier {
  return {
    carry: (work, lane, signal, progress) =>
      work.type === "emit_event" ? emitted(work, emit) : carrier.carry(work, lane, signal, progress),
    group: (job, done) => carrier.group(job, done),
    think: (job, signal) => carrier.think(job, signal),
    warm: () => carrier.warm(),
    info: () => carrier.info(),
    close: () => carrier.close(),
  };
}

async function emitted(work: Work, emit: Emit): Promise<Finished> {
  const opener = openerOf(work);
  const config = opener.read(work.config);
  const fields = isJsonObject(config.json) ? config.json : {};
  const type = fields["event"];
  if (typeof type !== "string") return refused("validation_error", "event is a text, e.g. order.paid.", "event");
  const input = Object.hasOwn(fields, "payload") ? undefined : opener.read(work.input);
  if (config.sensitive || input?.sensitive === true)
    return refused(
      "validation_error",
      "The payload holds a sensitive value, which every listener would see.",
      "payload",
    );
  const payload = input === undefined ? (fields["payload"] ?? null) : input.json;
  const wrong = eventProblem(type, payload);
  if (wrong !== undefined) return refused("validation_error", wrong, "event");
  const { id, started, woken } = await emit(type, payload, { key: `emitted/${work.key}`, by: work.executionId });
  const keep = keeper(`${work.path}@${work.attempt}`);
  const output = keep.keep({ event_id: id, started, woken });
  return { kind: "completed", output, facts: type, kept: keep.kept() };
}

function refused(type: ErrorType, message: string, place: string): Finished {
  return { kind: "failed", error: { type, message, place: `config.${place}` }, kept: NOTHING_KEPT };
}
