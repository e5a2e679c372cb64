import { stat, writeFile as writeText } from "node:fs/promises";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, refuse, type Tools } from "../behaviour";
import { sameSource } from "../data/place";
import { onlyFields, rowsOf } from "../data/rows";
import { batchOptions, chosenColumns, withTaskDuck } from "../data/run";
import { writeRecords, writeRows, writeWhole, type Written } from "../data/write";
import { codeOf, refuseFileError, type AllowedPath } from "../paths";
import { countWords, givenRecords } from "../records/records";
import { contentOf, fileOf, sizeWords, tableOptions } from "./options";

/** Writes the file whole. */
export async function writeFile(task: Task, tools: Tools): Promise<Outcome> {
  const { path, format } = await fileOf(task);
  if (task.config["overwrite"] === false) await refuseExisting(path);
  if (format === "text") {
    const text = contentOf(task);
    const bytes = await writeWhole(path, (temporary) => writeText(temporary, text));
    return completed({ path: path.written, rows: countLines(text), bytes }, { facts: `${sizeWords(bytes)} written` });
  }
  const options = tableOptions(task.config, path.written);
  const csv = { delimiter: options.delimiter ?? ",", header: options.header };
  const found = givenRecords(task.config, task.input);
  const file = { path, format };
  if (found.kind === "records") {
    const records = chosenColumns(found.records, options.columns);
    return outcome(
      await writeRecords(file, records, csv, task.place.scratch, (work) => withTaskDuck(task, tools, work)),
    );
  }
  const { source, steps } = found.reference.dataset;
  await sameSource(source, task.place);
  return withTaskDuck(task, tools, async (duck) => {
    const rows = await rowsOf(duck, source, steps, batchOptions(task, tools));
    return outcome(await writeRows(file, onlyFields(rows, options.columns), csv, task.place.scratch, duck));
  });
}

function outcome(written: Written): Outcome {
  return completed({ ...written }, { facts: `${countWords(written.rows)} written` });
}

/** Lines of a text; one that does not end in a line break counts. */
export function countLines(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** Refuses a target that is there already. */
export async function refuseExisting(path: AllowedPath): Promise<void> {
  try {
    await stat(path.absolute);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return;
    refuseFileError(thrown, path);
  }
  refuse(invalid(`${path.written} is there already, and overwrite is off.`, "config.overwrite"));
}
