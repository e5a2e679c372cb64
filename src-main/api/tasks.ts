import { valueOf } from "./fault";
import { os } from "./implementer";
import { jsonOf } from "./inputs";
import type { Rooms } from "./rooms";
import { engineSentence } from "./sentences";
import { ticks } from "./ticks";

/** Who answers where nobody says: the person at this studio. */
const SOMEBODY = "this studio";

/** Tasks for people. */
export function tasksApi({ engine, tasks, executionsChanged }: Pick<Rooms, "engine" | "tasks" | "executionsChanged">) {
  const api = os.tasks;
  return {
    list: api.list.handler(({ input }) => tasks.list(input.state)),
    answer: api.answer.handler(({ input: { executionId, path, answer, by } }) =>
      valueOf(engine.answer(executionId, path, jsonOf(answer), by ?? SOMEBODY), engineSentence),
    ),
    changes: api.changes.handler(({ signal }) => ticks(executionsChanged, signal)),
  };
}
