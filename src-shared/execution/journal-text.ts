import type { Json, JsonObject } from "../base/json";
import type { Event, ExecutionStarted } from "./event";
import type { Value } from "./value";

/** The keys under which events hold values that others repeat: an output is the next component's input. */
const VALUES = ["input", "config", "output"] as const;
/** Texts from this length on are written once a row. */
const LONG = 64;
/** A value with more parts than this is written as it is: looking through it would cost more than it saves. */
const MOST_PARTS = 500;

type Key = (typeof VALUES)[number];

/** Stands in a row of the journal for a value that an earlier event of the same row holds. */
interface Same {
  readonly kind: "same";
  /** How many events before. */
  readonly back: number;
  readonly key: Key;
}

/** Where in an event a text is: a key of the event, then keys and positions within the value's JSON. */
type TextPath = readonly [Key, ...(string | number)[]];

/** The text at `path` is the one at `from`, `back` events before; in its place stands an empty text. */
interface Repeated {
  readonly path: TextPath;
  readonly back: number;
  readonly from: TextPath;
}

type Holder = { readonly [key in Key]?: Value };

/**
 * Events of one row of the journal as JSON text, one after another; a value that occurs again, or a long text within one, is
 * written once.
 *
 * Texts of several writers can be joined with commas: what is repeated is told by how far back it is.
 */
export class JournalText {
  private readonly places = new Map<Value, { readonly at: number; readonly key: Key }>();
  private readonly texts = new Map<string, { readonly at: number; readonly path: TextPath }>();
  private count = 0;

  /** `event` as text. Only values that are the same objects count as repeated. */
  of(event: Event): string {
    return JSON.stringify(this.shortened(event));
  }

  /** A start as text, without its definition and with it; `definition` is that as text already. */
  ofStart(event: ExecutionStarted, definition: string): { readonly rest: string; readonly whole: string } {
    const rest = JSON.stringify({ ...this.shortened(event), definition: undefined });
    return { rest, whole: `${rest.slice(0, -1)},"definition":${definition}}` };
  }

  private shortened(event: Event): object {
    const at = this.count;
    this.count += 1;
    const holder = event as Holder;
    let written: { [key: string]: unknown } | undefined;
    const repeated: Repeated[] = [];
    for (const key of VALUES) {
      const value = holder[key];
      if (value === undefined || isSmall(value)) continue;
      const place = this.places.get(value);
      if (place !== undefined) {
        written ??= { ...event };
        written[key] = { kind: "same", back: at - place.at, key: place.key } satisfies Same;
        continue;
      }
      this.places.set(value, { at, key });
      if (value.kind !== "inline") continue;
      const before = repeated.length;
      const json = new Shortener(this.texts, at, repeated).json(value.json, [key]);
      if (repeated.length === before) continue;
      written ??= { ...event };
      written[key] = { ...value, json };
    }
    if (repeated.length > 0 && written !== undefined) written["repeated"] = repeated;
    return written ?? event;
  }
}

/** Takes texts that the row holds already out of one value. */
class Shortener {
  private parts = 0;

  constructor(
    private readonly texts: Map<string, { readonly at: number; readonly path: TextPath }>,
    private readonly at: number,
    private readonly repeated: Repeated[],
  ) {}

  /** `json`, or a copy of it without those texts. */
  json(json: Json, path: TextPath): Json {
    this.parts += 1;
    if (typeof json === "string") return json.length < LONG ? json : this.text(json, path);
    if (typeof json !== "object" || json === null || this.parts > MOST_PARTS) return json;
    if (Array.isArray(json)) {
      let copy: Json[] | undefined;
      for (const [index, item] of (json as readonly Json[]).entries()) {
        if (!mayHoldText(item)) continue;
        const short = this.json(item, [...path, index]);
        if (short !== item) (copy ??= [...(json as readonly Json[])])[index] = short;
      }
      return copy ?? json;
    }
    let copy: { [key: string]: Json | undefined } | undefined;
    const object = json as JsonObject;
    for (const [key, item] of Object.entries(object)) {
      // Assigning this key would set the copy's prototype.
      if (item === undefined || !mayHoldText(item) || key === "__proto__") continue;
      const short = this.json(item, [...path, key]);
      if (short !== item) (copy ??= { ...object })[key] = short;
    }
    return copy ?? json;
  }

  private text(text: string, path: TextPath): string {
    const known = this.texts.get(text);
    if (known === undefined) {
      this.texts.set(text, { at: this.at, path });
      return text;
    }
    this.repeated.push({ path, back: this.at - known.at, from: known.path });
    return "";
  }
}

function mayHoldText(json: Json): boolean {
  return typeof json === "string" ? json.length >= LONG : typeof json === "object" && json !== null;
}

function isSmall(value: Value): boolean {
  return value.kind === "inline" && (typeof value.json !== "object" || value.json === null);
}

type Read = { [key in Key]?: Value | Same } & { repeated?: readonly Repeated[] };

/** The events in a row's text: a JSON list. */
export function eventsIn(text: string): Event[] {
  const events = JSON.parse(text) as Read[];
  for (const [at, event] of events.entries()) {
    for (const { path, back, from } of event.repeated ?? []) put(event, path, textAt(events[at - back], from));
    delete event.repeated;
    for (const key of VALUES) {
      const value = event[key];
      if (value?.kind !== "same") continue;
      const same = events[at - value.back]?.[value.key];
      if (same !== undefined) event[key] = same;
    }
  }
  return events as unknown as Event[];
}

/** Looks like an object or a list from here. */
interface Parts {
  [key: string | number]: Parts | string;
}

function holderOf(event: Read | undefined, [key, ...path]: TextPath): Parts | undefined {
  const value = event?.[key];
  let at: Parts | string | undefined = value?.kind === "inline" ? (value.json as unknown as Parts) : undefined;
  for (const step of path.slice(0, -1)) at = typeof at === "object" ? at[step] : undefined;
  return typeof at === "object" ? at : undefined;
}

function textAt(event: Read | undefined, path: TextPath): string {
  const found = holderOf(event, path)?.[path.at(-1) as string | number];
  return typeof found === "string" ? found : "";
}

function put(event: Read, path: TextPath, text: string): void {
  const holder = holderOf(event, path);
  if (holder !== undefined) holder[path.at(-1) as string | number] = text;
}
