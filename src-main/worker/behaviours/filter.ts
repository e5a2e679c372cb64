import type { Behaviour } from "../behaviour";
import { workOnRecords } from "../records/work";

/** Keeps the records for which `conditions` hold. */
export const filter: Behaviour = (task, tools) => workOnRecords(task, tools, { where: "conditions" });
