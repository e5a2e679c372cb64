import type { Behaviour } from "../behaviour";
import { sameJson } from "../records/json";
import { choose } from "./choose";

/** Chooses the case that equals `value`. */
export const switchType: Behaviour = (task) =>
  choose(task, (one) => sameJson(task.config["value"] ?? null, one["equals"] ?? null));
