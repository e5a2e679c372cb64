import type { Task } from "@shared/execution/effect";
import type { Tools } from "../behaviour";
import type { DatasetReference } from "../records/dataset";
import type { Record } from "../records/json";
import { sameSource } from "./place";
import { rowsOf } from "./rows";
import { batchOptions, taskDuckStream, withTaskDuck } from "./run";

/** The records of a dataset some at a time: the next are read when these are done with. */
export async function* datasetBatches(
  task: Task,
  tools: Tools,
  reference: DatasetReference,
): AsyncGenerator<readonly Record[]> {
  const { source, steps } = reference.dataset;
  await sameSource(source, task.place);
  yield* taskDuckStream(task, tools, async function* (duck) {
    const rows = await rowsOf(duck, source, steps, batchOptions(task, tools));
    for await (const texts of rows.texts()) yield texts.map((text) => JSON.parse(text) as Record);
  });
}

/** All records of a dataset, in memory: for what can only be done to records one by one. */
export async function loadDataset(task: Task, tools: Tools, reference: DatasetReference): Promise<readonly Record[]> {
  const { source, steps } = reference.dataset;
  await sameSource(source, task.place);
  return withTaskDuck(task, tools, async (duck) => {
    const rows = await rowsOf(duck, source, steps, batchOptions(task, tools));
    return (await rows.take(Infinity)).records;
  });
}
