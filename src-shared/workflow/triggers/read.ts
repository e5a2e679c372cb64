import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { fail, ok, type Result } from "../../base/result";
import { nearest } from "../../expression/nearest";
import { compileCondition } from "../../expression/template";
import { sentence } from "../../expression/problem";
import type { Path } from "../workflow";
import { cronProblem, zoneProblem } from "./schedule";
import { filterProblem } from "./filter";
import { readSignature } from "./signature";
import { TRIGGER_TYPES, type FileChange, type Missed, type Overlap, type Starting, type Trigger } from "./trigger";

/** Why a trigger cannot work. */
export interface TriggerProblem {
  /** `unknown-trigger`, `missing-config` or `trigger`. */
  readonly rule: string;
  /** From the trigger inwards. */
  readonly path: Path;
  readonly message: string;
  /** What was meant, where there is a guess: a value for `path`. */
  readonly meant?: Json;
}

/** What goes wrong while a trigger is read, all of it. */
export class Faults {
  readonly problems: TriggerProblem[] = [];

  add(path: Path, message: string, rest: { readonly meant?: Json; readonly rule?: string } = {}): void {
    const { meant, rule = "trigger" } = rest;
    this.problems.push({ rule, path, message, ...(meant === undefined ? {} : { meant }) });
  }

  /** The text at `key`; what is no text is a problem. */
  text(from: JsonObject, key: string, under: Path = []): string | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string" && value !== "") return value;
    this.add([...under, key], `${key} is a text.`);
    return undefined;
  }

  /** The number at `key` within its bounds, else `usual`. */
  number<T>(from: JsonObject, key: string, least: number, most: number, usual: T, under: Path = []): number | T {
    const value = from[key];
    if (value === undefined || value === null) return usual;
    if (typeof value === "number" && value >= least && value <= most) return value;
    this.add([...under, key], `${key} is a number from ${least} to ${most}.`);
    return usual;
  }

  /** The one of `choices` at `key`, else `usual`. */
  choice<T extends string>(from: JsonObject, key: string, choices: readonly T[], usual: T, under: Path = []): T {
    const value = from[key];
    if (value === undefined || value === null) return usual;
    if (choices.includes(value as T)) return value as T;
    const meant = typeof value === "string" ? nearest(value, choices) : undefined;
    this.add([...under, key], `${key} is one of ${choices.join(", ")}.`, meant === undefined ? {} : { meant });
    return usual;
  }
}

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
  const faults = new Faults();
  const type = written["type"];
  if (!TRIGGER_TYPES.includes(type as Trigger["type"])) {
    const meant = typeof type === "string" ? nearest(type, TRIGGER_TYPES) : undefined;
    faults.add(type === undefined ? [] : ["type"], `A trigger's type is one of ${TRIGGER_TYPES.join(", ")}.`, {
      rule: "unknown-trigger",
      ...(meant === undefined ? {} : { meant }),
    });
    return fail(faults.problems);
  }
  for (const key of REQUIRED[type as Trigger["type"]])
    if (written[key] === undefined || written[key] === null)
      faults.add([], `The ${String(type)} trigger needs ${key}.`, { rule: "missing-config" });
  const trigger = byType(type as Trigger["type"], written, faults);
  return faults.problems.length > 0 ? fail(faults.problems) : ok(trigger);
}

function byType(type: Trigger["type"], written: JsonObject, faults: Faults): Trigger {
  const starting = startingOf(written, faults);
  switch (type) {
    case "manual":
      return { type, ...starting };
    case "schedule":
      return { type, ...starting, ...schedule(written, faults) };
    case "webhook":
      return { type, ...starting, ...webhook(written, faults) };
    case "apg_event":
      return { type, ...starting, ...event(written, faults) };
    case "file":
      return { type, ...starting, ...file(written, faults) };
  }
}

function startingOf(written: JsonObject, faults: Faults): Starting {
  const priority = faults.number(written, "priority", -1000, 1000, undefined);
  const parameters = written["parameters"];
  if (parameters !== undefined && !isJsonObject(parameters))
    faults.add(["parameters"], "parameters is a mapping from the workflow's parameters to values.");
  return {
    overlap: faults.choice(written, "overlap", OVERLAPS, "parallel"),
    ...(priority === undefined ? {} : { priority }),
    ...(written["input"] === undefined ? {} : { input: written["input"] }),
    ...(isJsonObject(parameters) ? { parameters } : {}),
  };
}

function schedule(written: JsonObject, faults: Faults) {
  const cron = faults.text(written, "cron") ?? "";
  const timezone = faults.text(written, "timezone");
  const wrong = cron === "" ? undefined : cronProblem(cron);
  if (wrong !== undefined) faults.add(["cron"], wrong);
  const zone = timezone === undefined ? undefined : zoneProblem(timezone);
  if (zone !== undefined) faults.add(["timezone"], zone.message, zone.meant === undefined ? {} : { meant: zone.meant });
  return {
    cron,
    ...(timezone === undefined ? {} : { timezone }),
    missed: faults.choice(written, "missed", MISSED, "skip"),
  };
}

function webhook(written: JsonObject, faults: Faults) {
  const said = faults.text(written, "path") ?? "";
  const path = `/${said.replace(/^\/+|\/+$/g, "")}`;
  if (said !== "" && !/^(\/[A-Za-z0-9._~-]+)+$/.test(path))
    faults.add(["path"], "path is made of letters, digits and . _ ~ - between slashes, e.g. /hooks/orders.");
  const method = typeof written["method"] === "string" ? written["method"].toUpperCase() : written["method"];
  const signature = written["signature"];
  const read = signature === undefined || signature === null ? undefined : readSignature(signature, faults);
  return {
    path,
    method: faults.choice({ method: method ?? null }, "method", METHODS, "POST"),
    ...(read === undefined ? {} : { signature: read }),
    responseMode: faults.choice(written, "response_mode", ["immediately", "when_finished"] as const, "immediately"),
    responseTimeoutSeconds: faults.number(written, "response_timeout", 1, 600, 30),
    maxBodyBytes: faults.number(written, "max_body_bytes", 0, MOST_BODY_BYTES, BODY_BYTES),
  };
}

function event(written: JsonObject, faults: Faults) {
  const pattern = faults.text(written, "event_pattern") ?? "";
  if (/\s/.test(pattern) || pattern.length > 200)
    faults.add(
      ["event_pattern"],
      "event_pattern is an event's type such as user.created; * stands for any characters.",
    );
  const filter = written["filter"];
  if (filter === undefined || filter === null) return { pattern };
  if (typeof filter === "string") {
    const compiled = compileCondition(filter);
    if (!compiled.ok) faults.add(["filter"], `filter: ${sentence(compiled.problem)}`);
    return { pattern, filter };
  }
  if (!isJsonObject(filter)) {
    faults.add(["filter"], "filter is a condition over event, or a mapping of what the event must hold.");
    return { pattern };
  }
  const wrong = filterProblem(filter, ["filter"]);
  if (wrong !== undefined) faults.add(wrong.path, wrong.message);
  return { pattern, filter };
}

function file(written: JsonObject, faults: Faults) {
  const said = written["event"];
  const changes = said === undefined || said === null ? ["added", "changed"] : Array.isArray(said) ? said : [said];
  if (changes.length === 0 || !changes.every((change) => CHANGES.includes(change as FileChange)))
    faults.add(["event"], `event is one or a list of ${CHANGES.join(", ")}.`);
  const pattern = faults.text(written, "pattern") ?? "*";
  if (/^\/|(^|\/)\.\.(\/|$)/.test(pattern))
    faults.add(["pattern"], "pattern is of paths below the folder, e.g. *.csv or **/*.csv.");
  return {
    path: faults.text(written, "path") ?? "",
    pattern,
    changes: changes as readonly FileChange[],
    missed: faults.choice(written, "missed", MISSED, "skip"),
    settleMs: faults.number(written, "settle_seconds", 0.05, 3600, 2) * 1000,
  };
}
