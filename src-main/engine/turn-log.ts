import type { ExecutionId } from "@shared/base/ids";
import type { Event, ExecutionStarted } from "@shared/execution/event";
import { JournalText } from "@shared/execution/journal-text";
import type { Kept, KeptText } from "@shared/execution/work";
import type { BreakerEnd, CacheChange, SharedChange } from "./sharing";
import type { ExecutionHead, Turn } from "./ports";

/** What a turn changes beside the journal. */
export type TurnEnd = Pick<Turn, "settlement" | "status" | "reopens" | "waiting" | "parked" | "taken" | "wakes">;

/** Gathers what one turn of a driver leaves behind. */
export class TurnLog {
  /** With commas between them: a text that grows is copied once, when it is written. */
  private events = "";
  private values: KeptText[] = [];
  private secrets: KeptText[] = [];
  private breakers: BreakerEnd[] = [];
  private caches: CacheChange[] = [];
  private count = 0;
  private text = new JournalText();
  private written: number;

  /** `head` is there for an execution that is not in the store yet; `written` counts the entries that are. */
  constructor(
    private readonly id: ExecutionId,
    written: number,
    private head: ExecutionHead | undefined,
  ) {
    this.written = written;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Entries taken so far. */
  get seq(): number {
    return this.written;
  }

  add(event: Event): void {
    this.put(this.text.of(event), 1);
  }

  /** The start, its definition being text already. Returns the text without the definition. */
  addStart(event: ExecutionStarted, definition: string): string {
    const { rest, whole } = this.text.ofStart(event, definition);
    this.put(whole, 1);
    return rest;
  }

  /** `count` events that are JSON text already, with commas between them. */
  addText(text: string, count: number): void {
    if (count === 0) return;
    this.put(text, count);
    // What was counted before is further back by the events in between.
    this.text = new JournalText();
  }

  private put(text: string, count: number): void {
    this.events += this.count === 0 ? text : `,${text}`;
    this.count += count;
  }

  /** Changes of what executions share; they only ever come with an event. */
  share(change: SharedChange): void {
    if ("breaker" in change) this.breakers.push(change.breaker);
    else this.caches.push(change.cache);
  }

  keep(kept: Kept): void {
    if (kept.values.length > 0) this.values.push(...kept.values);
    if (kept.secrets.length > 0) this.secrets.push(...kept.secrets);
  }

  /** What there is, as one turn; a value or secret only ever comes with an event. The next turn begins empty. */
  take(more: TurnEnd): Turn {
    const firstSeq = this.written + 1;
    const lastSeq = this.written + this.count;
    const turn: Turn = {
      executionId: this.id,
      firstSeq,
      lastSeq,
      events: `[${this.events}]`,
      values: this.values,
      secrets: this.secrets,
      ...(this.breakers.length === 0 ? {} : { breakers: this.breakers }),
      ...(this.caches.length === 0 ? {} : { caches: this.caches }),
      ...(this.head === undefined ? {} : { head: this.head }),
      ...more,
    };
    this.written = lastSeq;
    this.head = undefined;
    this.events = "";
    this.count = 0;
    this.text = new JournalText();
    this.values = [];
    this.secrets = [];
    this.breakers = [];
    this.caches = [];
    return turn;
  }
}
