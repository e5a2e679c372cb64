import type { Ms } from "@shared/base/units";
import type { GroupAnswer, GroupJob, GroupsAnswer, GroupsJob } from "@shared/execution/jobs";

/** A group known to take longer goes to a thread alone, so that nobody waits behind it. */
const QUICK: Ms = 2;
/** What the groups of one message may take together. */
const TOGETHER: Ms = 4;
/** A message with less to do costs about as much to pass on as it asks for. */
const WORTH_IT: Ms = 0.8;
/** A thread that is about to be free is waited for this long: waking another one costs more, and takes a core from the host. */
const PATIENCE: Ms = 2;
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

/** A message that a thread has. */
interface UnderWay {
  /** When it is likely to be done; unknown where one of its groups is. */
  readonly until: Ms | undefined;
}

/**
 * Hands groups to threads, several quick ones in one message: with small steps a message costs more than what it asks for.
 *
 * Groups are pure, so one whose message came to a bad end is simply carried out again by itself.
 */
export class Batches {
  private waiting: Waiting[] = [];
  private readonly times = new Map<string, Map<string, Ms>>();
  private readonly underWay = new Set<UnderWay>();
  private scheduled = false;
  private late: NodeJS.Timeout | undefined;

  constructor(
    private readonly run: (job: GroupsJob, signal: AbortSignal) => Promise<GroupsAnswer>,
    private readonly threads: number,
    private readonly now: () => Ms = () => performance.now(),
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
      while (this.waiting.length > 0 && this.underWay.size < this.threads) {
        if (this.isSoonFree()) return this.lookLater();
        void this.send(this.next());
      }
    });
  }

  /** Whether what waits is carried out soon enough by a thread that is at work. */
  private isSoonFree(): boolean {
    if (this.underWay.size === 0) return false;
    const now = this.now();
    let rest = Infinity;
    for (const { until } of this.underWay)
      // A message that takes longer than was to be expected may take any time.
      if (until !== undefined && until > now - PATIENCE) rest = Math.min(rest, Math.max(0, until - now));
    for (const one of this.waiting) {
      rest += this.quickTime(one) ?? Infinity;
      if (rest > PATIENCE) return false;
    }
    return true;
  }

  /** The thread that is waited for may take longer than it seemed. */
  private lookLater(): void {
    this.late ??= setTimeout(() => {
      this.late = undefined;
      this.schedule();
    }, 2 * PATIENCE);
  }

  /** What the next message asks for: about half of what waits, so that the host has answers to write while a thread does the rest. */
  private next(): { readonly batch: readonly Waiting[]; readonly time: Ms | undefined } {
    const enough = Math.ceil(this.waiting.length / Math.max(2, this.threads - this.underWay.size));
    let together: Ms | undefined = 0;
    let count = 0;
    for (const one of this.waiting) {
      const time = this.quickTime(one);
      const isFull: boolean = time === undefined || together + time > TOGETHER;
      if (count > 0 && (isFull || (count >= enough && together >= WORTH_IT))) break;
      count += 1;
      if (time === undefined) {
        together = undefined;
        break;
      }
      together += time;
    }
    const batch = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    return { batch, time: together };
  }

  private async send({ batch, time }: ReturnType<Batches["next"]>): Promise<void> {
    const controller = new AbortController();
    const definitions: string[] = [];
    const groups = batch.map((one) => {
      one.batch = controller;
      const { definition, from, paths, place } = one.job;
      let of = definitions.indexOf(definition);
      if (of < 0) of = definitions.push(definition) - 1;
      return { of, from, paths, place };
    });
    const message: UnderWay = { until: time === undefined ? undefined : this.now() + time };
    this.underWay.add(message);
    try {
      const answers = await this.run({ kind: "groups", definitions, groups }, controller.signal);
      for (const [at, one] of batch.entries()) this.answered(one, answers[at] as GroupsAnswer[number]);
    } catch (error) {
      this.broke(batch, error);
    } finally {
      this.underWay.delete(message);
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

  /** How long it takes, of one that may share a message. */
  private quickTime({ job: { definition, paths }, alone }: Waiting): Ms | undefined {
    const time = alone === true ? undefined : this.times.get(definition)?.get(paths[0] ?? "");
    return time === undefined || time > QUICK ? undefined : time;
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
