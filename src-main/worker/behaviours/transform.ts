import { outcomeOf, type Behaviour } from "../behaviour";
import { readRules, TRANSFORMATION_KEYS } from "../records/rules";
import { applyToGiven } from "../records/work";

/** Applies `transformation_rules` to records; with `source` or `destination` from and to files. */
export const transform: Behaviour = (task, tools) =>
  outcomeOf(() => {
    const rules = readRules(task.config["transformation_rules"], TRANSFORMATION_KEYS, "config.transformation_rules");
    const { source, destination } = task.config;
    if ((source ?? null) === null && (destination ?? null) === null) return applyToGiven(task, tools, rules);
    return import("../data/transform").then(({ transformFiles }) => transformFiles(task, tools, rules));
  });
