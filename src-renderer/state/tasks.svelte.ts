import type { TaskRow } from "@shared/contract/waiting";
import { client } from "../bridge";
import { lasting } from "./lasting.svelte";
import { Listing } from "./listing.svelte";

/** Names a task within the workspace. */
export function taskKey(row: Pick<TaskRow, "executionId" | "path">): string {
  return `${row.executionId}:${row.path}`;
}

/** What people are asked. */
class TasksState {
  state = $state<"open" | "answered">("open");
  readonly open = this.#listing("open");
  readonly answered = this.#listing("answered");
  readonly listing = $derived(this.state === "open" ? this.open : this.answered);

  #listing(state: "open" | "answered"): Listing<TaskRow> {
    return new Listing<TaskRow>({
      load: () => client.tasks.list({ state }),
      changes: (signal) => client.tasks.changes(undefined, { signal }),
      key: taskKey,
      words: (row) => [row.name, row.workflowName, row.assignee, row.description, `#${row.executionNumber}`],
    });
  }
}

/** The window's tasks. */
export const tasks = lasting(() => new TasksState());
