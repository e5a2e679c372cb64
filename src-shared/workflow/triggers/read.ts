import { withoutEnds } from "../../base/ends";
import { isJsonObject, type JsonObject } from "../../base/json";
import { fail, ok, type Result } from "../../base/result";
import { nearest } from "../../expression/nearest";
import { compileCondition } from "../../expression/template";
import { sentence } from "../../expression/problem";
import { cronProblem, zoneProblem } from "./schedule";
import { filterProblem } from "./filter";
import { type TriggerProblem, TriggerProblems } from "./problems";
import { readSignature } from "./signature";
import {
  TRIGGER_TYPES,
  type FileChange,
  type Missed,
  type Overlap,
  type ScheduleTrigger,
  type Starting,
  type Trigger,
} from "./trigger";
import type { Workflow } from "../workflow";

const REQUIRED: { readonly [type in Trigger["type"]]: readonly string[] } = {
  schedule: ["cron"],
  webhook: ["path"],
  apg_event: ["event_pattern"],
  file: ["path"],
  manual: [],
};
const OVERLAPS: readonly Overlap[] = ["parallel", "queue", "skip", "cancel_previous"];
const MISSED: readonly Missed[] = ["skip", "run_once", "run_all"];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const CHANGES: readonly FileChange[] = ["added", "changed", "removed"];
/** Of a webhook's body, unless it says otherwise and at most. */
const BODY_BYTES = 1_000_000;
const MOST_BODY_BYTES = 50_000_000;

/** Reads a trigger as a workflow says it; all that is wrong with it when it cannot work. */
export function readTrigger(written: JsonObject): Result<Trigger, readonly TriggerProblem[]> {
  const problems = new TriggerProblems();
  const type = written["type"];
  if (!TRIGGER_TYPES.includes(type as Trigger["type"])) {
    const meant = typeof type === "string" ? nearest(type, TRIGGER_TYPES) : undefined;
    problems.add(type === undefined ? [] : ["type"], `A trigger's type is one of ${TRIGGER_TYPES.join(", ")}.`, {
      rule: "unknown-trigger",
      ...(meant === undefined ? {} : { meant }),
    });
    return fail(problems.all);
  }
  for (const key of REQUIRED[type as Trigger["type"]])
    if (written[key] === undefined || written[key] === null)
      problems.add([], `The ${String(type)} trigger needs ${key}.`, { rule: "missing-config" });
  const trigger = byType(type as Trigger["type"], written, problems);
  return problems.all.length > 0 ? fail(problems.all) : ok(trigger);
}

/** The schedule triggers of a workflow that can work; `index` is the place in its `triggers`. */
export function schedulesOf(
  workflow: Pick<Workflow, "triggers">,
): readonly { readonly index: number; readonly trigger: ScheduleTrigger }[] {
  return (workflow.triggers ?? []).flatMap((written, index) => {
    const read = readTrigger(written);
    return read.ok && read.value.type === "schedule" ? [{ index, trigger: read.value }] : [];
  });
}

function byType(type: Trigger["type"], written: JsonObject, problems: TriggerProblems): Trigger {
  const starting = startingOf(written, problems);
  switch (type) {
    case "manual":
      return { type, ...starting };
    case "schedule":
      return { type, ...starting, ...schedule(written, problems) };
    case "webhook":
      return { type, ...starting, ...webhook(written, problems) };
    case "apg_event":
      return { type, ...starting, ...event(written, problems) };
    case "file":
      return { type, ...starting, ...file(written, problems) };
  }
}

function startingOf(written: JsonObject, problems: TriggerProblems): Starting {
  const priority = problems.number(written, "priority", -1000, 1000, undefined);
  const parameters = written["parameters"];
  if (parameters !== undefined && !isJsonObject(parameters))
    problems.add(["parameters"], "parameters is a mapping from the workflow's parameters to values.");
  return {
    overlap: problems.choice(written, "overlap", OVERLAPS, "parallel"),
    ...(priority === undefined ? {} : { priority }),
    ...(written["input"] === undefined ? {} : { input: written["input"] }),
    ...(isJsonObject(parameters) ? { parameters } : {}),
  };
}

function schedule(written: JsonObject, problems: TriggerProblems) {
  const cron = problems.text(written, "cron") ?? "";
  const timezone = problems.text(written, "timezone");
  const wrong = cron === "" ? undefined : cronProblem(cron);
  if (wrong !== undefined) problems.add(["cron"], wrong);
  const zone = timezone === undefined ? undefined : zoneProblem(timezone);
  if (zone !== undefined)
    problems.add(["timezone"], zone.message, zone.meant === undefined ? {} : { meant: zone.meant });
  return {
    cron,
    ...(timezone === undefined ? {} : { timezone }),
    missed: problems.choice(written, "missed", MISSED, "skip"),
  };
}

function webhook(written: JsonObject, problems: TriggerProblems) {
  const said = problems.text(written, "path") ?? "";
  const path = `/${withoutEnds(said, "/")}`;
  if (said !== "" && !/^(\/[A-Za-z0-9._~-]+)+$/.test(path))
    problems.add(["path"], "path is made of letters, digits and . _ ~ - between slashes, e.g. /hooks/orders.");
  const method = typeof written["method"] === "string" ? written["method"].toUpperCase() : written["method"];
  const signature = written["signature"];
  const read = signature === undefined || signature === null ? undefined : readSignature(signature, problems);
  return {
    path,
    method: problems.choice({ method: method ?? null }, "method", METHODS, "POST"),
    ...(read === undefined ? {} : { signature: read }),
    responseMode: problems.choice(written, "response_mode", ["immediately", "when_finished"] as const, "immediately"),
    responseTimeoutSeconds: problems.number(written, "response_timeout", 1, 600, 30),
    maxBodyBytes: problems.number(written, "max_body_bytes", 0, MOST_BODY_BYTES, BODY_BYTES),
  };
}

function event(written: JsonObject, problems: TriggerProblems) {
  const pattern = problems.text(written, "event_pattern") ?? "";
  if (/\s/.test(pattern) || pattern.length > 200)
    problems.add(
      ["event_pattern"],
      "event_pattern is an event's type such as user.created; * stands for any characters.",
    );
  const filter = written["filter"];
  if (filter === undefined || filter === null) return { pattern };
  if (typeof filter === "string") {
    const compiled = compileCondition(filter);
    if (!compiled.ok) problems.add(["filter"], `filter: ${sentence(compiled.problem)}`);
    return { pattern, filter };
  }
  if (!isJsonObject(filter)) {
    problems.add(["filter"], "filter is a condition over event, or a mapping of what the event must hold.");
    return { pattern };
  }
  const wrong = filterProblem(filter, ["filter"]);
  if (wrong !== undefined) problems.add(wrong.path, wrong.message);
  return { pattern, filter };
}

function file(written: JsonObject, problems: TriggerProblems) {
  const said = written["event"];
  const changes = said === undefined || said === null ? ["added", "changed"] : Array.isArray(said) ? said : [said];
  if (changes.length === 0 || !changes.every((change) => CHANGES.includes(change as FileChange)))
    problems.add(["event"], `event is one or a list of ${CHANGES.join(", ")}.`);
  const pattern = problems.text(written, "pattern") ?? "*";
  if (/^\/|(^|\/)\.\.(\/|$)/.test(pattern))
    problems.add(["pattern"], "pattern is of paths below the folder, e.g. *.csv or **/*.csv.");
  return {
    path: problems.text(written, "path") ?? "",
    pattern,
    changes: changes as readonly FileChange[],
    missed: problems.choice(written, "missed", MISSED, "skip"),
    settleMs: problems.number(written, "settle_seconds", 0.05, 3600, 2) * 1000,
  };
}
