import { invalid, refuse, type Behaviour } from "../behaviour";
import { choose } from "./choose";

/** Chooses the first case whose condition holds. The conditions come evaluated: the task's config holds booleans. */
export const decision: Behaviour = (task) =>
  choose(task, (one, place) => {
    const { condition } = one;
    if (typeof condition === "boolean") return condition;
    return refuse(invalid(`The condition of case ${String(one["id"])} is not true or false.`, `${place}.condition`));
  });
