import type { Behaviour } from "../behaviour";
import { workOnRecords } from "../records/work";

/** Puts records in the order of `by`. */
export const sort: Behaviour = (task, tools) => workOnRecords(task, tools, { sort: "by" });
