import { eventProblem } from "@shared/workflow/triggers/event-type";
import { refuse, valueOf } from "./fault";
import { os } from "./implementer";
import { jsonOf } from "./inputs";
import type { Rooms } from "./rooms";
import { triggerSentence } from "./sentences";
import { ticks } from "./ticks";
import { needOpen } from "./vault";

/** Triggers: listed, turned on and off, fired by hand; and events posted. */
export function triggersApi(rooms: Pick<Rooms, "triggers" | "vault">) {
  const { triggers } = rooms;
  const api = os.triggers;
  return {
    list: api.list.handler(({ input }) => triggers.list(input.workflowId)),
    enable: api.enable.handler(async ({ input }) =>
      valueOf(await triggers.enable(input.workflowId, input.index, input.on), triggerSentence),
    ),
    fire: api.fire.handler(async ({ input }) => {
      needOpen(rooms);
      return valueOf(await triggers.fire(input.workflowId, input.index, jsonOf(input.input)), triggerSentence);
    }),
    emit: api.emit.handler(async ({ input }) => {
      needOpen(rooms);
      const payload = jsonOf(input.payload);
      const wrong = eventProblem(input.type, payload);
      if (wrong !== undefined) refuse({ code: "INVALID", what: wrong, where: input.type });
      const { started, woken } = await triggers.emit(input.type, payload);
      return { started, woken };
    }),
    changes: api.changes.handler(({ signal }) => ticks((listener) => triggers.onChange(listener), signal)),
  };
}
