import { readFile as readText, stat } from "node:fs/promises";
import type { Bytes } from "@shared/base/units";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, refuse, type Tools } from "../behaviour";
import { readThrough } from "../data/run";
import { codeOf, refuseFileError, type AllowedPath } from "../paths";
import { NO_RULES } from "../records/rules";
import { fileOf, sizeWords, tableOptions } from "./options";

/** A text that is read whole may be this long. */
const LONGEST_TEXT: Bytes = 64 * 1024 * 1024;

/** Records, a dataset when there are many, or text. */
export async function readFile(task: Task, tools: Tools): Promise<Outcome> {
  const { path, format } = await fileOf(task);
  if (task.config["missing_ok"] === true && !(await exists(path))) {
    return completed(format === "text" ? null : [], { facts: "no file" });
  }
  if (format !== "text")
    return readThrough(task, tools, { path, format }, tableOptions(task.config, path.written), NO_RULES, true);
  try {
    const { size } = await stat(path.absolute);
    if (size > LONGEST_TEXT) {
      refuse({
        type: "resource_limit_exceeded",
        message: `${path.written} has ${sizeWords(size)}; text is read up to ${sizeWords(LONGEST_TEXT)}.`,
      });
    }
    const text = await readText(path.absolute, "utf8");
    return completed(text, { facts: sizeWords(size) });
  } catch (thrown) {
    return refuseFileError(thrown, path);
  }
}

async function exists(path: AllowedPath): Promise<boolean> {
  try {
    await stat(path.absolute);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return false;
    return refuseFileError(thrown, path);
  }
}
