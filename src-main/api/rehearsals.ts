import type { RehearsalItem } from "@shared/contract/rehearsals";
import type { Rehearsals } from "../triggers/rehearsals";
import { refuse, valueOf } from "./fault";
import { os } from "./implementer";
import type { Rooms } from "./rooms";
import { rehearsalSentence } from "./sentences";
import { ticks } from "./ticks";
import { needOpen } from "./vault";

/** Schedules fired in virtual time. */
export function rehearsalsApi(rooms: Pick<Rooms, "rehearsals" | "vault">) {
  const { rehearsals } = rooms;
  const api = os.rehearsals;
  return {
    start: api.start.handler(
      async ({ input: { workflowId, text, format, from, spanMs, environment, faults, seed } }) => {
        needOpen(rooms);
        const started = await rehearsals.start({
          workflowId,
          spanMs,
          ...(text === undefined ? {} : { text, format }),
          ...(from === undefined ? {} : { from }),
          ...(environment === undefined ? {} : { environment }),
          ...(seed === undefined ? {} : { seed }),
          ...(faults === undefined || faults.trim() === "" ? {} : { faults }),
        });
        return valueOf(started, rehearsalSentence);
      },
    ),
    latest: api.latest.handler(({ input }) => rehearsals.latest(input.workflowId) ?? null),
    follow: api.follow.handler(({ input: { id, from }, signal }) => {
      if (!rehearsals.has(id)) refuse(rehearsalSentence({ kind: "unknown-rehearsal", id }));
      return told(rehearsals, id, from, signal);
    }),
    stop: api.stop.handler(({ input }) => valueOf(rehearsals.stop(input.id), rehearsalSentence)),
  };
}

/** What there is to tell now, then what comes, until it is over. */
async function* told(
  rehearsals: Rehearsals,
  id: string,
  from: number,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<RehearsalItem> {
  let next = from;
  const listen = (listener: () => void): (() => void) => {
    listener();
    return rehearsals.listen(id, listener);
  };
  for await (const _ of ticks(listen, signal)) {
    for (const item of rehearsals.told(id, next)) {
      yield item;
      if (item.kind === "end") return;
      next = item.from + item.firings.length;
    }
  }
}
