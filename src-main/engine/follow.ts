import { Bug } from "@shared/base/bug";
import type { ExecutionId } from "@shared/base/ids";
import type { FollowItem, GateState } from "@shared/contract/executions";
import type { ExecutionsPort, JournalPort } from "./ports";
import type { Watchers } from "./watchers";

/** The most entries one item carries. */
const BATCH = 500;
/** The least time between two reads of a growing journal: more often, no screen shows it. */
const PACE_MS = 30;

/** What following needs of the engine. */
export interface FollowRooms {
  readonly journal: JournalPort;
  readonly executions: ExecutionsPort;
  readonly watchers: Watchers;
  /** The gate of a debugged execution that this host carries. */
  readonly gateOf: (id: ExecutionId) => GateState | undefined;
  /** Aborted when the engine closes. */
  readonly closing: AbortSignal;
}

/** See `Engine.follow`. The journal is read back rather than passed on, so every follower gets the same, wherever the execution runs. */
export async function* follow(
  rooms: FollowRooms,
  id: ExecutionId,
  from: number,
): AsyncGenerator<FollowItem, void, void> {
  if (rooms.executions.head(id) === undefined) throw new Bug(`there is no execution ${id} to follow`);
  const side: FollowItem[] = [];
  let next = from;
  let grown = true;
  let wake: () => void = () => undefined;
  const stir = (): void => wake();
  const stop = rooms.watchers.watch(id, {
    grown: () => {
      grown = true;
      stir();
    },
    gate: (gate) => {
      side.push({ kind: "gate", gate });
      stir();
    },
    progress: (item) => {
      side.push(item);
      stir();
    },
  });
  rooms.closing.addEventListener("abort", stir);
  try {
    const gate = rooms.gateOf(id);
    if (gate !== undefined) side.push({ kind: "gate", gate });
    while (!rooms.closing.aborted) {
      if (grown) {
        grown = false;
        // The status is read before the journal: once settled, what is read next is all there is.
        const settled = rooms.executions.head(id)?.settlement;
        for (;;) {
          const entries = await rooms.journal.read(id, next, BATCH);
          const last = entries.at(-1);
          if (last === undefined) break;
          next = last.seq + 1;
          yield { kind: "entries", entries };
          if (entries.length < BATCH) break;
        }
        if (settled !== undefined) {
          const { status, unmetFaults } = settled;
          yield { kind: "end", status, ...(unmetFaults === undefined ? {} : { unmetFaults }) };
          return;
        }
      }
      yield* side.splice(0);
      if (grown || side.length > 0) continue;
      await new Promise<void>((resolve) => (wake = resolve));
      if (grown && !rooms.closing.aborted) await pause(PACE_MS, rooms.closing);
    }
  } finally {
    rooms.closing.removeEventListener("abort", stir);
    stop();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
