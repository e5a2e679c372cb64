import { durationOf, momentOf } from "../../base/duration";
import { isJsonObject, type Json } from "../../base/json";
import { sentence } from "../../expression/problem";
import { compileCondition, isTemplate } from "../../expression/template";
import type { Path } from "../workflow";
import type { Rule, Subject } from "./subject";

/** Waits that cannot be: of none or several kinds, of times that cannot be read, with filters that are no expressions. */
export const waits: Rule = (subject) => {
  for (const { canonical, path } of subject.components) {
    const config = canonical.config ?? {};
    const at = [...path, "config"];
    if (canonical.type === "wait") {
      const given = ["duration", "until", "event"].filter((key) => isGiven(config[key]));
      if (given.length !== 1) {
        const found = given.length === 0 ? "it has none of them" : `it has ${given.join(" and ")}`;
        subject.report(
          "wait-kind",
          "error",
          given.length === 0 ? path : at,
          `A wait takes one of duration, until and event; ${found}.`,
          {
            at: given.length === 0 ? "component" : "value",
          },
        );
      }
      span(subject, config.duration, [...at, "duration"]);
      span(subject, config.timeout, [...at, "timeout"]);
      moment(subject, config.until, [...at, "until"]);
      filter(subject, config.filter, [...at, "filter"]);
    } else if (canonical.type === "human_task") {
      spanOrMoment(subject, config.deadline, [...at, "deadline"]);
      const { escalation } = config;
      if (!isJsonObject(escalation)) continue;
      spanOrMoment(subject, escalation.after, [...at, "escalation", "after"]);
      spanOrMoment(subject, escalation.deadline, [...at, "escalation", "deadline"]);
    } else if (canonical.type === "parallel" && Array.isArray(config.branches)) {
      for (const [index, branch] of (config.branches as readonly Json[]).entries())
        if (isJsonObject(branch)) span(subject, branch.timeout, [...at, "branches", index, "timeout"]);
    }
  }
};

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Whether it is text that is known now: an expression is only known when it runs. */
function isKnown(value: Json | undefined): value is string {
  return typeof value === "string" && isGiven(value) && !isTemplate(value);
}

function span(subject: Subject, value: Json | undefined, path: Path): void {
  if (isKnown(value) && durationOf(value) === undefined)
    tell(subject, path, `${JSON.stringify(value)} is no duration; write seconds, 90s, 2h or PT5M.`);
}

function moment(subject: Subject, value: Json | undefined, path: Path): void {
  if (isKnown(value) && momentOf(value) === undefined)
    tell(subject, path, `${JSON.stringify(value)} is no moment; write one like 2026-03-01T06:00:00Z.`);
}

function spanOrMoment(subject: Subject, value: Json | undefined, path: Path): void {
  if (isKnown(value) && durationOf(value) === undefined && momentOf(value) === undefined)
    tell(subject, path, `${JSON.stringify(value)} is neither a duration such as 2d nor a moment.`);
}

function filter(subject: Subject, value: Json | undefined, path: Path): void {
  if (typeof value !== "string") return;
  const compiled = compileCondition(value);
  if (!compiled.ok) tell(subject, path, `The filter cannot be read: ${sentence(compiled.problem)}`);
}

function tell(subject: Subject, path: Path, message: string): void {
  subject.report("wait-time", "error", path, message);
}
