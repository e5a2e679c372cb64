import type { Outcome, Task } from "@shared/execution/effect";
import { completed, outcomeOf, type Tools } from "../behaviour";
import { applyRules } from "./apply";
import { countWords, givenRecords } from "./records";
import { readRules, type RuleKeys, type Rules } from "./rules";

/** Applies the rules that `keys` name in the task's config to its records, in memory or in a dataset's file. */
export function workOnRecords(task: Task, tools: Tools, keys: RuleKeys): Outcome | Promise<Outcome> {
  return outcomeOf(() => applyToGiven(task, tools, readRules(task.config, keys, "config")));
}

/** Applies `rules` to the task's records. Synchronous for records in memory. */
export function applyToGiven(task: Task, tools: Tools, rules: Rules): Outcome | Promise<Outcome> {
  const given = givenRecords(task.config, task.input);
  if (given.kind === "records") {
    const result = applyRules(given.records, rules);
    return completed(result, { facts: countWords(result.length) });
  }
  // Records in memory never need the database engine, so most threads never load it.
  return import("../data/run").then(({ runOnDataset }) => runOnDataset(task, tools, given.reference, rules));
}
