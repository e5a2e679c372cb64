import type { Json } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { invalid, outcomeOf, refuse, type Behaviour, type Tools } from "../behaviour";
import { appendFile } from "../files/append";
import { deleteFile, listFiles, moveFile } from "../files/manage";
import { readFile } from "../files/read";
import { writeFile } from "../files/write";

const OPERATIONS: { readonly [name: string]: (task: Task, tools: Tools) => Promise<Outcome> } = {
  read: readFile,
  write: writeFile,
  append: appendFile,
  list: listFiles,
  move: moveFile,
  delete: deleteFile,
};

/** Reads, writes and manages files in the folders the workflow may use. */
export const file: Behaviour = (task, tools) =>
  outcomeOf(() => {
    const name: Json = task.config["operation"] ?? "read";
    if (typeof name === "string" && Object.hasOwn(OPERATIONS, name)) return OPERATIONS[name]!(task, tools);
    return refuse(
      invalid(
        `The operation ${JSON.stringify(name)} is none of ${Object.keys(OPERATIONS).join(", ")}.`,
        "config.operation",
      ),
    );
  });
