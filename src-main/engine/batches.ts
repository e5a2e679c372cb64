import type { Ms } from "@shared/base/units";
import type { GroupAnswer, GroupJob, GroupsAnswer, GroupsJob } from "@shared/execution/jobs";

/** A group known to take longer goes to a thread alone, so that nobody waits behind it. */
const QUICK: Ms = 2;
/** What the groups of one message may take together. */
const TOGETHER: Ms = 4;
/** Workflows whose times are remembered. */
const REMEMBERED = 500;

interface Waiting {
  readonly job: GroupJob;
  readonly done: (answer: GroupAnswer | undefined, error?: unknown) => void;
  /** The message it went with. */
  batch?: AbortController;
  /** Answered, or stopped: nobody waits for it. */
  isOver?: boolean;
  /** It was in a message that came to a bad end. */
  alone?: boolean;
}

/**
 * Hands groups to threads, several quick ones in one message: with small steps a message costs more than what it asks for.
 *
 * Groups are pure, so one whose message came to a bad end is simply carried out again by itself.
 */
export class Batches {
  private waiting: Waiting[] = [];
  private readonly times = new Map<string, Map<string, Ms>>();
  private scheduled = false;
  private busy = 0;

  constructor(
    private readonly run: (job: GroupsJob, signal: AbortSignal) => Promise<GroupsAnswer>,
    private readonly threads: number,
  ) {}

  /** See `Carrier.group`. */
  add(job: GroupJob, done: Waiting["done"]): () => void {
    const one: Waiting = { job, done };
    this.waiting.push(one);
    this.schedule();
    return () => this.stop(one);
  }

  /** Groups of executions that begin in the same round of the event loop share messages. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    process.nextTick(() => {
      this.scheduled = false;
      while (this.waiting.length > 0 && this.busy < this.threads) void this.send(this.next());
    });
  }

  private next(): readonly Waiting[] {
    const most = Math.ceil(this.waiting.length / (this.threads - this.busy));
    let together = 0;
    let count = 0;
    for (const one of this.waiting) {
      const time = one.alone === true ? undefined : this.timeOf(one.job);
      if (count > 0 && (count === most || time === undefined || time > QUICK || together + time > TOGETHER)) break;
      count += 1;
      if (time === undefined || time > QUICK) break;
      together += time;
    }
    const batch = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    return batch;
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const controller = new AbortController();
    const definitions: string[] = [];
    const groups = batch.map((one) => {
      one.batch = controller;
      const { definition, from, paths, place } = one.job;
      let of = definitions.indexOf(definition);
      if (of < 0) of = definitions.push(definition) - 1;
      return { of, from, paths, place };
    });
    this.busy += 1;
    try {
      const answers = await this.run({ kind: "groups", definitions, groups }, controller.signal);
      for (const [at, one] of batch.entries()) this.answered(one, answers[at] as GroupsAnswer[number]);
    } catch (error) {
      this.broke(batch, error);
    } finally {
      this.busy -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }

  private answered(one: Waiting, { answer, took }: GroupsAnswer[number]): void {
    this.remember(one.job, took);
    this.tell(one, answer);
  }

  /** Each is told once, whatever comes after. */
  private tell(one: Waiting, answer: GroupAnswer | undefined, error?: unknown): void {
    if (one.isOver === true) return;
    one.isOver = true;
    one.done(answer, error);
  }

  private broke(batch: readonly Waiting[], error: unknown): void {
    for (const one of batch) {
      if (one.isOver === true) continue;
      if (batch.length === 1) this.tell(one, undefined, error);
      else {
        one.alone = true;
        this.waiting.push(one);
      }
    }
  }

  private stop(one: Waiting): void {
    if (one.isOver === true) return;
    one.isOver = true;
    const at = this.waiting.indexOf(one);
    if (at >= 0) this.waiting.splice(at, 1);
    else one.batch?.abort();
    process.nextTick(() => one.done(undefined));
  }

  private timeOf({ definition, paths }: GroupJob): Ms | undefined {
    return this.times.get(definition)?.get(paths[0] ?? "");
  }

  private remember({ definition, paths }: GroupJob, took: Ms): void {
    let times = this.times.get(definition);
    if (times === undefined) {
      if (this.times.size >= REMEMBERED) this.times.clear();
      this.times.set(definition, (times = new Map()));
    }
    const first = paths[0] ?? "";
    // The first run of a thread loads and compiles; one slow run is forgotten after a few quick ones.
    times.set(first, Math.max(took, (times.get(first) ?? 0) / 2));
  }
}
