import type { Task } from "@shared/execution/effect";
import { stat } from "node:fs/promises";
import type { Tools } from "../behaviour";
import { codeOf, refuseFileError } from "../paths";
import type { Record } from "../records/json";
import type { RecordFile } from "./place";
import { rowsOf } from "./rows";
import { batchOptions, identified, withTaskDuck } from "./run";
import { isSmallJson, readSmall } from "./small";

/** All records of a file, in memory; none when there is no file. */
export async function resultRecords(task: Task, tools: Tools, file: RecordFile): Promise<readonly Record[]> {
  try {
    await stat(file.path.absolute);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return [];
    refuseFileError(thrown, file.path);
  }
  const source = await identified(file, {});
  if (isSmallJson(source)) return readSmall(file);
  return withTaskDuck(task, tools, async (duck) => {
    const rows = await rowsOf(duck, source, [], batchOptions(task, tools));
    return (await rows.take(Infinity)).records;
  });
}
