import type { Behaviour } from "../behaviour";
import { workOnRecords } from "../records/work";

/** Renames `fields` and adds `computed_fields`. */
export const map: Behaviour = (task, tools) =>
  workOnRecords(task, tools, { rename: "fields", computed: "computed_fields" });
