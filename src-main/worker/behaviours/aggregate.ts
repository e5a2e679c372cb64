import type { Behaviour } from "../behaviour";
import { workOnRecords } from "../records/work";

/** One record for each group of `group_by`, with `functions`. */
export const aggregate: Behaviour = (task, tools) =>
  workOnRecords(task, tools, { groupBy: "group_by", aggregates: "functions" });
