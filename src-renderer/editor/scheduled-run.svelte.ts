import { momentOf } from "@shared/base/duration";
import { MOST_FIRINGS, spanOf } from "@shared/contract/rehearsals";
import { type DueTally, tallyDue } from "@shared/workflow/triggers/due";
import type { ScheduleTrigger } from "@shared/workflow/triggers/trigger";
import type { RunOptions } from "../state/run-input.svelte";

/** A workflow's schedules as they would be fired by what is written in the run dialog. */
export class ScheduledRun {
  readonly spanMs = $derived.by(() => spanOf(this.options().span));
  /** Where it is written; empty is now. */
  readonly from = $derived.by(() => {
    const written = this.options().from.trim();
    return written === "" ? ("now" as const) : momentOf(written);
  });
  readonly isReadable = $derived(this.spanMs !== undefined && this.from !== undefined);
  /** How much would be fired; absent until it is counted. */
  tally = $state.raw<DueTally | undefined>();
  #turn = 0;

  constructor(
    readonly schedules: () => readonly { readonly index: number; readonly trigger: ScheduleTrigger }[],
    private readonly options: () => RunOptions,
  ) {}

  /** Counts again what is due; an earlier count gives up. */
  async count(now: number): Promise<void> {
    const turn = ++this.#turn;
    this.tally = undefined;
    if (this.spanMs === undefined || this.from === undefined) return;
    const from = this.from === "now" ? now : this.from;
    const schedules = this.schedules().map(({ trigger }) => trigger);
    const tally = await tallyDue(schedules, { from, until: from + this.spanMs }, MOST_FIRINGS, async () => {
      await new Promise((go) => setTimeout(go));
      return turn === this.#turn;
    });
    if (turn === this.#turn) this.tally = tally;
  }

  /** Gives up counting. */
  leave(): void {
    this.#turn++;
  }
}
