import type { Finished, Work } from "@shared/execution/work";
import { outcomeOf } from "./behaviour";
import { behaviourOf, placementOf } from "./behaviours/index";
import { bearable, isHeavy } from "./heavy";
import { broken, finish, taskOf } from "@shared/execution/perform";

/**
 * Carries out one attempt here, a thread or a process of its own.
 *
 * @returns `"child"` when the behaviour, or what it is to read, wants a process that can be killed and this is only a thread.
 */
export async function carry(
  work: Work,
  here: "thread" | "child",
  signal: AbortSignal,
  progress: (text: string, fraction?: number) => void,
): Promise<Finished | "child"> {
  if (here === "thread" && isHeavy(work)) return "child";
  const task = taskOf(work);
  const found = behaviourOf(work.type);
  if (found === undefined) {
    const error = {
      type: "component_error",
      message: `This version of the studio cannot carry out components of type ${work.type}.`,
    } as const;
    return finish(task, { kind: "failed", error }, work.privacy);
  }
  if (here === "thread" && placementOf(task) === "child") return "child";
  try {
    return bearable(finish(task, await outcomeOf(() => found.run(task, { signal, progress })), work.privacy));
  } catch (error) {
    return finish(task, broken(error), work.privacy);
  }
}
