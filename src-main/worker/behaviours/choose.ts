import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, outcomeOf, refuse } from "../behaviour";

/** Chooses the first case for which `holds`, else `default`; the outcome of decision and switch alike. */
export function choose({ config, input }: Task, holds: (one: JsonObject, place: string) => boolean): Outcome {
  return outcomeOf(() => {
    const cases = casesOf(config["cases"]);
    const found = cases.find((one, i) => holds(one, `config.cases[${i}]`));
    const chosen = found ? (found["id"] as string) : config["default"];
    if (typeof chosen !== "string" || chosen === "") {
      return refuse(invalid("No case holds and there is no default.", "config.default"));
    }
    return completed({ case: chosen, value: input }, { chosen, facts: chosen });
  }) as Outcome;
}

function casesOf(written: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(written)) return refuse(invalid("It has no list of cases.", "config.cases"));
  return (written as readonly Json[]).map((one, i) => {
    if (isJsonObject(one) && typeof one["id"] === "string") return one;
    return refuse(invalid(`Case ${i} is no object with an id.`, `config.cases[${i}]`));
  });
}
