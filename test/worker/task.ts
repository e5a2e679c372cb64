import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { behaviourOf, type Tools } from "../../src-main/worker/behaviours/index";

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, below the system's temporary one; removed after the tests of the file. */
export function folder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "apg-worker-")));
  made.push(folder);
  return folder;
}

/** A task of `type`; `more` replaces any part of it. */
export function taskOf(type: string, config: JsonObject, input: Json = null, more: Partial<Task> = {}): Task {
  const place = more.place ?? { folder: "/nowhere", allowed: [], hosts: {}, trusted: false, scratch: tmpdir() };
  return {
    executionId: "01kaexecution0000000000000",
    workflowId: "sample",
    path: "step",
    attempt: 1,
    key: "01kaexecution0000000000000/step",
    correlationId: "corr-1",
    type,
    config,
    input,
    sensitive: [],
    limits: {},
    ...more,
    place,
  };
}

/** Tools that nobody aborts; `told` receives progress. */
export function toolsOf(told: string[] = [], signal = new AbortController().signal): Tools {
  return { signal, progress: (text) => void told.push(text) };
}

/** Carries `task` out. */
export async function perform(task: Task, tools: Tools = toolsOf()): Promise<Outcome> {
  return behaviourOf(task.type)!.run(task, tools);
}

/** The output of a completed outcome. */
export async function outputOf(
  type: string,
  config: JsonObject,
  input: Json = null,
  more: Partial<Task> = {},
): Promise<Json> {
  const outcome = await perform(taskOf(type, config, input, more));
  if (outcome.kind === "failed") throw new Error(`${outcome.error.type}: ${outcome.error.message}`);
  return outcome.output;
}

/** The error of a failed outcome. */
export async function errorOf(type: string, config: JsonObject, input: Json = null, more: Partial<Task> = {}) {
  const outcome = await perform(taskOf(type, config, input, more));
  if (outcome.kind === "completed") throw new Error(`completed with ${JSON.stringify(outcome.output)}`);
  return outcome.error;
}
