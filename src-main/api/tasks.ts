import { valueOf } from "./fault";
import { os } from "./implementer";
import { jsonOf } from "./inputs";
import type { Rooms } from "./rooms";
import { engineSentence } from "./sentences";
import { ticks } from "./ticks";
import { needOpen } from "./vault";

/** Who answers where nobody says: the person at this studio. */
const SOMEBODY = "this studio";

/** Tasks for people. */
export function tasksApi(rooms: Pick<Rooms, "engine" | "tasks" | "executionsChanged" | "vault">) {
  const { engine, tasks, executionsChanged } = rooms;
  const api = os.tasks;
  return {
    list: api.list.handler(({ input }) => tasks.list(input.state)),
    answer: api.answer.handler(({ input: { executionId, path, answer, by } }) => {
      needOpen(rooms);
      return valueOf(engine.answer(executionId, path, jsonOf(answer), by ?? SOMEBODY), engineSentence);
    }),
    changes: api.changes.handler(({ signal }) => ticks(executionsChanged, signal)),
  };
}
