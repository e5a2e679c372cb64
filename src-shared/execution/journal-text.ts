import type { Event } from "./event";
import type { Value } from "./value";

/** The keys under which events hold values that others repeat: an output is the next component's input. */
const VALUES = ["input", "config", "output"] as const;

type Key = (typeof VALUES)[number];

/** Stands in a row of the journal for a value that an earlier event of the same row holds. */
interface Same {
  readonly kind: "same";
  /** How many events before. */
  readonly back: number;
  readonly key: Key;
}

type Holder = { readonly [key in Key]?: Value };

/**
 * Events of one row of the journal as JSON text, one after another; a value that occurs again is written once.
 *
 * Texts of several writers can be joined with commas: what is repeated is told by how far back it is.
 */
export class JournalText {
  private readonly places = new Map<Value, { readonly at: number; readonly key: Key }>();
  private count = 0;

  /** `event` as text. Only values that are the same objects count as repeated. */
  of(event: Event): string {
    const at = this.count;
    this.count += 1;
    const holder = event as Holder;
    let written: { [key: string]: unknown } | undefined;
    for (const key of VALUES) {
      const value = holder[key];
      if (value === undefined || isSmall(value)) continue;
      const place = this.places.get(value);
      if (place === undefined) {
        this.places.set(value, { at, key });
        continue;
      }
      written ??= { ...event };
      written[key] = { kind: "same", back: at - place.at, key: place.key } satisfies Same;
    }
    return JSON.stringify(written ?? event);
  }
}

function isSmall(value: Value): boolean {
  return value.kind === "inline" && (typeof value.json !== "object" || value.json === null);
}

/** The events in a row's text: a JSON list. */
export function eventsIn(text: string): Event[] {
  const events = JSON.parse(text) as { [key in Key]?: Value | Same }[];
  for (const [at, event] of events.entries()) {
    for (const key of VALUES) {
      const value = event[key];
      if (value?.kind !== "same") continue;
      const same = events[at - value.back]?.[value.key];
      if (same !== undefined) event[key] = same;
    }
  }
  return events as unknown as Event[];
}
