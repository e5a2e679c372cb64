import type { ExecutionId } from "@shared/base/ids";
import type { Event } from "@shared/execution/event";
import type { ExecutionStatus } from "@shared/execution/status";
import type { Kept, KeptText } from "@shared/execution/work";
import type { ExecutionHead, JournalPort, Settlement } from "./ports";

/** Gathers what one turn of a driver leaves behind and writes it as one row. */
export class TurnLog {
  private events: string[] = [];
  private values: KeptText[] = [];
  private secrets: KeptText[] = [];
  private count = 0;
  private written: number;

  /** `head` is there for an execution that is not in the store yet; `written` counts the entries that are. */
  constructor(
    private readonly journal: JournalPort,
    private readonly id: ExecutionId,
    written: number,
    private head: ExecutionHead | undefined,
  ) {
    this.written = written;
  }

  get isEmpty(): boolean {
    return this.events.length === 0;
  }

  /** Entries in the store. */
  get seq(): number {
    return this.written;
  }

  add(event: Event): void {
    this.events.push(JSON.stringify(event));
    this.count += 1;
  }

  /** `count` events that are JSON text already, with commas between them. */
  addText(text: string, count: number): void {
    if (count === 0) return;
    this.events.push(text);
    this.count += count;
  }

  keep(kept: Kept): void {
    if (kept.values.length > 0) this.values.push(...kept.values);
    if (kept.secrets.length > 0) this.secrets.push(...kept.secrets);
  }

  /** Writes what there is. A value or secret may only come with an event. */
  flush(end?: { readonly status?: ExecutionStatus; readonly settlement?: Settlement }): void {
    if (this.events.length === 0) return;
    const firstSeq = this.written + 1;
    const lastSeq = this.written + this.count;
    const { head } = this;
    this.journal.write({
      executionId: this.id,
      firstSeq,
      lastSeq,
      events: `[${this.events.join(",")}]`,
      values: this.values,
      secrets: this.secrets,
      ...(head === undefined ? {} : { head }),
      ...end,
    });
    this.written = lastSeq;
    this.head = undefined;
    this.events = [];
    this.count = 0;
    if (this.values.length > 0) this.values = [];
    if (this.secrets.length > 0) this.secrets = [];
  }
}
