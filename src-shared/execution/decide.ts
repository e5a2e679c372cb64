import type { AtMs } from "../base/units";
import type { ValueAccess } from "./access";
import { conclude, conclusionNeeds } from "./conclude";
import type { Effect } from "./effect";
import type { ComponentError } from "./error";
import type { Event } from "./event";
import { connectionsNeed, judgeConnections, judgeRound, roundNeeds } from "./judge";
import { Gone } from "./gone";
import { keeper } from "./keep";
import { openerOf } from "./opened";
import type { Plan } from "./plan";
import { needsValues, prepare } from "./prepare";
import { secretFinder, type SecretFinder } from "./secret-text";
import type { ExecutionState } from "./state";
import type { Value } from "./value";
import type { Kept, Referred } from "./work";

export { Gone } from "./gone";

/** The effects that are answered by evaluating expressions. */
export type Question = Extract<Effect, { readonly kind: "prepare" | "judge-connections" | "judge-round" | "conclude" }>;

/** An answer, and what came to be beside it. */
export interface Decided {
  readonly event: Event;
  readonly kept: Kept;
}

/** Where texts come from while something is decided: throws {@link Gone} for a vault entry that is no more. */
export type TextSource = (kind: "texts" | "secrets", id: string) => string;

/** The texts of `referred`, which holds all that will be asked for. */
export function sourceOf(referred: Referred): TextSource {
  return (kind, id) => {
    const text = referred[kind][id];
    if (text === undefined) throw new Gone(id);
    return text;
  };
}

/**
 * Answers `question` here and now: the same in a host's main thread and in a worker.
 *
 * Ids of what is kept begin with the path, so that answering again gives the same.
 *
 * @param clock a monotonic clock that limits each expression's time.
 */
export function decide(
  plan: Plan,
  state: ExecutionState,
  question: Question,
  texts: TextSource,
  at: AtMs,
  clock: () => number,
): Decided {
  const keep = keeper(question.kind === "conclude" ? "outputs~" : `${question.path}~`);
  const sealed = new Map<string, string>();
  // What this very answer made sensitive is in no vault yet.
  const opener = openerOf((kind, id) => (kind === "secrets" ? sealed.get(id) : undefined) ?? texts(kind, id));
  const shrunk = new Map<Value, Value>();
  const access: ValueAccess = {
    read: opener.read,
    mark: (json) => {
      const value = keep.seal(json, opener.sensitiveIds());
      if (value.kind === "sensitive") sealed.set(value.id, JSON.stringify(json));
      return value;
    },
    keep: (value) => {
      const known = shrunk.get(value) ?? keep.shrink(value);
      shrunk.set(value, known);
      return known;
    },
  };
  const event = answer(plan, state, question, access, at, clock);
  const finder = secretFinder(opener.sensitiveTexts());
  return { event: finder === undefined ? event : withoutSecrets(event, finder), kept: keep.kept() };
}

/** Errors tell of the values that an expression failed on; sensitive ones are not to be told. */
function withoutSecrets(event: Event, finder: SecretFinder): Event {
  const clean = (error: ComponentError): ComponentError => ({ ...error, message: finder.redact(error.message) });
  if (event.kind === "connections-judged" && event.errors !== undefined)
    return {
      ...event,
      errors: Object.fromEntries(Object.entries(event.errors).map(([index, error]) => [index, clean(error)])),
    };
  return "error" in event && event.error !== undefined ? { ...event, error: clean(event.error) } : event;
}

function answer(
  plan: Plan,
  state: ExecutionState,
  question: Question,
  access: ValueAccess,
  at: AtMs,
  clock: () => number,
): Event {
  try {
    switch (question.kind) {
      case "prepare":
        return prepare(plan, state, question.path, access, at, clock);
      case "judge-connections":
        return judgeConnections(plan, state, question.path, question.connections, access, at, clock);
      case "judge-round":
        return judgeRound(plan, state, question.path, question.round, access, at, clock);
      case "conclude":
        return conclude(plan, state, question, access, at, clock);
    }
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
    return goneAnswer(question, at, error.problem);
  }
}

function goneAnswer(question: Question, at: AtMs, error: ComponentError): Event {
  switch (question.kind) {
    case "prepare":
      return {
        kind: "preparation-failed",
        at,
        path: question.path,
        input: { kind: "inline", json: null },
        error,
      };
    case "judge-connections": {
      const active = Object.fromEntries(question.connections.map((index) => [index, false]));
      const errors = Object.fromEntries(question.connections.map((index) => [index, error]));
      return { kind: "connections-judged", at, path: question.path, active, errors };
    }
    case "judge-round":
      return { kind: "round-judged", at, path: question.path, round: question.round, go: false, error };
    case "conclude":
      return {
        kind: "execution-settled",
        at,
        status: "failed",
        output: { kind: "inline", json: null },
        error,
        warnings: [],
      };
  }
}

/** The stored and sensitive values that answering would read. */
export function needsOf(plan: Plan, state: ExecutionState, question: Question): readonly Value[] {
  switch (question.kind) {
    case "prepare":
      return needsValues(plan, state, question.path);
    case "judge-connections":
      return connectionsNeed(plan, state, question.path, question.connections);
    case "judge-round":
      return roundNeeds(plan, state, question.path, question.round);
    case "conclude":
      return conclusionNeeds(plan, state);
  }
}
