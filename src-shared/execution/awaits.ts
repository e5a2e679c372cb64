import { durationOf, momentOf } from "../base/duration";
import { fail, ok, type Result } from "../base/result";
import { isJsonObject, type Json, type JsonObject } from "../base/json";
import type { AtMs, Ms } from "../base/units";
import type { ComponentError } from "./error";
import type { PlanNode } from "./node";
import { type Configured, setting } from "./settings";

/** When something is due. An `absolute` moment comes while the execution is held, too; a span stands still. */
export interface Due {
  /** What it counts from. */
  readonly since: AtMs;
  readonly at: AtMs;
  readonly absolute?: true;
}

/** What a component waits for that is no work: time, an event, or a person. */
export type Awaiting =
  | {
      readonly kind: "time";
      readonly due: Due;
      /** The attempt's time limit comes first: what is due is a timeout. */
      readonly late?: true;
    }
  | { readonly kind: "event"; readonly pattern: string; readonly due?: Due }
  | {
      readonly kind: "task";
      readonly openedAt: AtMs;
      readonly assignee?: string;
      readonly due?: Due;
      /** Who is asked when it is due; absent: it fails then. */
      readonly next?: { readonly assignee?: string; readonly due?: Due };
      readonly escalatedAt?: AtMs;
    };

/** What an attempt of `node` that begins at `at` waits for, by its evaluated config. */
export function awaitingOf(node: PlanNode, slot: Configured, at: AtMs): Result<Awaiting, ComponentError> {
  const limit = limitOf(node, slot);
  if (!limit.ok) return limit;
  return node.type === "wait" ? waitOf(slot, at, limit.value) : taskOf(slot, at, limit.value);
}

function waitOf(slot: Configured, at: AtMs, limit: Ms | undefined): Result<Awaiting, ComponentError> {
  const pattern = setting(slot, "event");
  const isGiven = (key: string): boolean => {
    const value = setting(slot, key);
    return value !== undefined && value !== null && value !== "";
  };
  const given = ["duration", "until", "event"].filter(isGiven);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none of them" : given.join(" and ");
    return refused(`A wait takes one of duration, until and event; found ${found}.`, "config");
  }
  if (given[0] === "event") {
    if (typeof pattern !== "string") return refused("The event to wait for must be text.", "config.event");
    return ok({ kind: "event", pattern, ...(limit === undefined ? {} : { due: span(at, limit) }) });
  }
  const due = given[0] === "until" ? momentDue(slot, "until", at) : spanDue(slot, "duration", at);
  if (!due.ok) return due;
  if (limit !== undefined && at + limit < due.value.at) return ok({ kind: "time", due: span(at, limit), late: true });
  return ok({ kind: "time", due: due.value });
}

function taskOf(slot: Configured, at: AtMs, limit: Ms | undefined): Result<Awaiting, ComponentError> {
  const said = dueOf(setting(slot, "deadline"), at, "config.deadline");
  if (!said.ok) return said;
  const last = earlier(said.value, limit === undefined ? undefined : span(at, limit));
  const assignee = nameOf(setting(slot, "assignee"));
  const task = { kind: "task", openedAt: at, ...(assignee === undefined ? {} : { assignee }) } as const;
  const escalation = setting(slot, "escalation");
  if (!isJsonObject(escalation)) return ok({ ...task, ...(last === undefined ? {} : { due: last }) });
  const first = dueOf(escalation.after, at, "config.escalation.after");
  if (!first.ok) return first;
  const due = earlier(first.value, last);
  if (due === undefined) return ok(task);
  const next = nextOf(escalation, due, first.value === undefined ? undefined : last, said.value);
  return next.ok ? ok({ ...task, due, next: next.value }) : next;
}

/** Who is asked after the first, and how long they have: what `escalation` says, else the rest of the deadline, else as long again. */
function nextOf(
  escalation: JsonObject,
  due: Due,
  rest: Due | undefined,
  said: Due | undefined,
): Result<{ readonly assignee?: string; readonly due?: Due }, ComponentError> {
  const own = dueOf(escalation.deadline, due.at, "config.escalation.deadline");
  if (!own.ok) return own;
  const again = said === undefined || said.absolute ? undefined : span(due.at, said.at - said.since);
  const later = own.value ?? (rest !== undefined && rest.at > due.at ? rest : again);
  const assignee = nameOf(escalation.assignee);
  return ok({ ...(assignee === undefined ? {} : { assignee }), ...(later === undefined ? {} : { due: later }) });
}

/** The smaller of `config.timeout` and `error_handling.timeout`: how long one attempt may wait. */
function limitOf(node: PlanNode, slot: Configured): Result<Ms | undefined, ComponentError> {
  const written = setting(slot, "timeout");
  const own = written === undefined || written === null ? undefined : durationOf(written);
  if (own === undefined && written !== undefined && written !== null)
    return refused(`${JSON.stringify(written)} is no duration.`, "config.timeout");
  const { attemptTimeoutMs } = node;
  return ok(
    own === undefined || attemptTimeoutMs === undefined ? (own ?? attemptTimeoutMs) : Math.min(own, attemptTimeoutMs),
  );
}

function spanDue(slot: Configured, key: string, at: AtMs): Result<Due, ComponentError> {
  const written = setting(slot, key);
  const ms = durationOf(written);
  return ms === undefined
    ? refused(`${shown(written)} is no duration; write seconds, 90s, 2h or PT5M.`, `config.${key}`)
    : ok(span(at, ms));
}

function momentDue(slot: Configured, key: string, at: AtMs): Result<Due, ComponentError> {
  const written = setting(slot, key);
  const moment = momentOf(written);
  return moment === undefined
    ? refused(`${shown(written)} is no moment; write one like 2026-03-01T06:00:00Z.`, `config.${key}`)
    : ok({ since: at, at: moment, absolute: true });
}

/** A duration from `at`, or a moment; nothing when nothing is written. */
function dueOf(written: Json | undefined, at: AtMs, place: string): Result<Due | undefined, ComponentError> {
  if (written === undefined || written === null || written === "") return ok(undefined);
  const ms = durationOf(written);
  if (ms !== undefined) return ok(span(at, ms));
  const moment = momentOf(written);
  return moment === undefined
    ? refused(`${shown(written)} is neither a duration nor a moment.`, place)
    : ok({ since: at, at: moment, absolute: true });
}

function span(since: AtMs, ms: Ms): Due {
  return { since, at: since + ms };
}

function earlier(a: Due | undefined, b: Due | undefined): Due | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.at <= b.at ? a : b;
}

function nameOf(written: Json | undefined): string | undefined {
  return typeof written === "string" && written.trim() !== "" ? written.trim() : undefined;
}

function shown(written: Json | undefined): string {
  return written === undefined ? "A sensitive or very large value" : JSON.stringify(written);
}

function refused(message: string, place: string): Result<never, ComponentError> {
  return fail({ type: "validation_error", message, place });
}
