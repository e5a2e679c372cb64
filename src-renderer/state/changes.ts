import { isJsonObject, type Json } from "@shared/base/json";
import type { Entry, Event } from "@shared/execution/event";
import { plainJson } from "@shared/execution/parts";
import type { Value } from "@shared/execution/value";

/** A place where an edit changed a value. */
export interface Difference {
  /** `input/region`, `config/body/0`. */
  readonly place: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** An edit made while a component was held. */
export interface Change {
  readonly seq: number;
  readonly at: number;
  readonly path: string;
  readonly differences: readonly Difference[];
}

const MOST = 50;

/** The edits of a journal until `seq`, with what they changed. */
export function changesOf(entries: readonly Entry[], seq: number): readonly Change[] {
  const before = new Map<string, { input?: Value; config?: Value }>();
  const changes: Change[] = [];
  for (const { seq: at, event } of entries) {
    if (at > seq) break;
    if (event.kind === "component-prepared") before.set(event.path, { input: event.input, config: event.config });
    else if (event.kind === "input-edited") changes.push(changeOf(at, event, before));
  }
  return changes;
}

function changeOf(
  seq: number,
  event: Extract<Event, { kind: "input-edited" }>,
  before: Map<string, { input?: Value; config?: Value }>,
): Change {
  const was = before.get(event.path) ?? {};
  before.set(event.path, {
    ...was,
    ...(event.input === undefined ? {} : { input: event.input }),
    ...(event.config === undefined ? {} : { config: event.config }),
  });
  return {
    seq,
    at: event.at,
    path: event.path,
    differences: [
      ...(event.input === undefined ? [] : between("input", was.input, event.input)),
      ...(event.config === undefined ? [] : between("config", was.config, event.config)),
    ],
  };
}

/** Large and sensitive values are compared as a whole: what is kept elsewhere is not read for this. */
function between(place: string, before: Value | undefined, after: Value): readonly Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before?.kind === "object" && after.kind === "object")
    return Object.entries(after.fields).flatMap(([key, field]) =>
      between(`${place}/${key}`, before.fields[key], field),
    );
  const was = before === undefined ? undefined : plainJson(before);
  const is = plainJson(after);
  if (was === undefined || is === undefined) return [{ place, ...(is === undefined ? {} : { after: is }) }];
  const found: Difference[] = [];
  compare(place, was, is, found);
  return found;
}

function compare(place: string, before: Json | undefined, after: Json | undefined, found: Difference[]): void {
  if (found.length >= MOST || JSON.stringify(before) === JSON.stringify(after)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(`${place}/${key}`, before[key], after[key], found);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is]: readonly (readonly Json[])[] = [before, after];
    for (let at = 0; at < Math.max(was?.length ?? 0, is?.length ?? 0); at++)
      compare(`${place}/${at}`, was?.[at], is?.[at], found);
  } else {
    found.push({
      place,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }
}
