import type { Json, JsonObject } from "@shared/base/json";
import type { LogLine } from "@shared/execution/event";
import { completed, invalid, outcomeOf, refuse, type Behaviour } from "../behaviour";
import { countWords, givenRecords } from "../records/records";
import type { Record } from "../records/json";
import { sanitizer } from "../validation/sanitize";
import { recordChecker } from "../validation/schema";

/** Rejected records told in the log, at most; the others are counted. */
const LOGGED = 100;

/** Cleans each record, checks it, and sorts out those that do not fit. */
export const validate: Behaviour = (task, tools) =>
  outcomeOf(() => {
    const { config, input } = task;
    const mode = config["on_validation_error"] ?? "reject_and_log";
    if (mode !== "reject_and_log" && mode !== "fail" && mode !== "pass_through") {
      return refuse(
        invalid(`${JSON.stringify(mode)} is none of reject_and_log, fail, pass_through.`, "config.on_validation_error"),
      );
    }
    const check = recordChecker(config["schema"]);
    const clean = sanitizer(config["sanitization"]);
    const found = givenRecords(config, input);
    if (found.kind === "dataset") {
      return import("../data/load").then(async ({ loadDataset }) => {
        const records = await loadDataset(task, tools, found.reference);
        return outcomeOf(() => sortOut(records, clean, check, mode));
      });
    }
    return sortOut(found.records, clean, check, mode);
  });

function sortOut(
  records: readonly Record[],
  clean: (value: Json) => Json,
  check: (record: JsonObject) => readonly string[],
  mode: "reject_and_log" | "fail" | "pass_through",
) {
  const valid: Json[] = [];
  const rejected: { record: Json; errors: readonly string[] }[] = [];
  const logs: LogLine[] = [];
  records.forEach((given, i) => {
    const record = clean(given) as JsonObject;
    const errors = check(record);
    if (errors.length === 0) return void valid.push(record);
    if (mode === "fail") refuse(invalid(`Record ${i} is not valid: ${errors.join("; ")}.`, `records[${i}]`));
    if (mode === "pass_through") valid.push(record);
    rejected.push({ record, errors });
    if (logs.length < LOGGED) logs.push({ level: "warning", message: `Record ${i}: ${errors.join("; ")}` });
  });
  if (rejected.length > LOGGED)
    logs.push({ level: "warning", message: `${rejected.length - LOGGED} more records are not valid.` });
  const output = { valid, rejected, valid_count: valid.length, rejected_count: rejected.length };
  const facts = `${valid.length.toLocaleString("en-US")} valid · ${rejected.length.toLocaleString("en-US")} rejected`;
  if (mode === "pass_through" && rejected.length > 0) {
    return completed(output, {
      facts,
      logs,
      warnings: [`${countWords(rejected.length)} passed through though not valid.`],
    });
  }
  return completed(output, logs.length > 0 ? { facts, logs } : { facts });
}
