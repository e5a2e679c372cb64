import { isJsonObject, type JsonObject } from "@shared/base/json";
import type { TaskRow } from "@shared/contract/waiting";
import { taskKey } from "../state/tasks.svelte";

/** What was filled in and not sent, while the window is open. */
const drafts = new Map<string, JsonObject>();

/** The answer a task's form begins with: what was filled in before, else the form's defaults. */
export function draftOf(task: TaskRow): JsonObject {
  return drafts.get(taskKey(task)) ?? defaultsOf(task.form);
}

/** Keeps what was filled in; undefined forgets it. */
export function keepDraft(task: TaskRow, answer: JsonObject | undefined): void {
  if (answer === undefined) drafts.delete(taskKey(task));
  else drafts.set(taskKey(task), answer);
}

/** The defaults of a schema's properties, as far as it has any. */
export function defaultsOf(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, part]) =>
      isJsonObject(part) && part.default !== undefined ? [[key, part.default]] : [],
    ),
  );
}
