import type { Ms } from "@shared/base/units";
import { Refusal, refuse } from "../behaviour";
import type { Dialect, Link } from "./database";

/** A link that lay unused for longer is asked whether the database is still there. */
const TRUSTED_MS: Ms = 500;
/** How long a database may take to break off a statement before the link is ended. */
const CANCEL_MS: Ms = 250;

interface Idle {
  readonly link: Link;
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Links to one database, kept open between tasks and closed when nobody wants them.
 *
 * A link that lay unused is checked before it is lent, so that the tasks after a restart of the server do not pay for it.
 */
export class Pool {
  #idle: Idle[] = [];
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly dialect: Dialect) {}

  /** Lends a link to `work`. An abort breaks off what runs on it. */
  async use<T>(signal: AbortSignal, work: (link: Link) => Promise<T>): Promise<T> {
    const link = await this.#take(signal);
    let late: NodeJS.Timeout | undefined;
    const abort = (): void => {
      link.cancel();
      late = setTimeout(() => link.end(), CANCEL_MS);
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      stopIf(signal);
      return await work(link);
    } catch (thrown) {
      stopIf(signal);
      if (thrown instanceof Refusal && thrown.problem.unsent === true) {
        // Another database was not reached; here something may have been sent before.
        const { unsent: _unsent, ...problem } = thrown.problem;
        refuse(problem);
      }
      throw thrown;
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", abort);
      this.#giveBack(link, signal.aborted);
    }
  }

  /** Links that are open, lent or not. */
  get open(): number {
    return this.#open;
  }

  async #take(signal: AbortSignal): Promise<Link> {
    for (;;) {
      stopIf(signal);
      const idle = this.#idle.pop();
      if (idle) {
        clearTimeout(idle.timer);
        if (await isAlive(idle)) return idle.link;
        this.#drop(idle.link);
      } else if (this.#open < this.dialect.maxLinks) {
        this.#open += 1;
        return await this.dialect.open().catch((thrown: unknown) => {
          this.#open -= 1;
          this.#waiting.shift()?.();
          // No statement of the task's was sent: where the database is not reached or not entered, there is nothing to undo.
          if (thrown instanceof Refusal) refuse({ ...thrown.problem, unsent: true });
          throw thrown;
        });
      } else await this.#turn(signal);
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        signal.removeEventListener("abort", give);
        resolve();
      };
      const give = (): void => {
        const at = this.#waiting.indexOf(go);
        if (at >= 0) this.#waiting.splice(at, 1);
        resolve();
      };
      this.#waiting.push(go);
      signal.addEventListener("abort", give, { once: true });
    });
  }

  #giveBack(link: Link, aborted: boolean): void {
    if (aborted || link.broken) this.#drop(link);
    else {
      const timer = setTimeout(() => {
        this.#idle = this.#idle.filter((each) => each.link !== link);
        this.#drop(link);
      }, this.dialect.idleMs).unref();
      this.#idle.push({ link, since: performance.now(), timer });
      this.#waiting.shift()?.();
    }
  }

  #drop(link: Link): void {
    link.end();
    this.#open -= 1;
    this.#waiting.shift()?.();
  }

  /** Ends the links that nobody uses. */
  close(): void {
    for (const { link, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#drop(link);
    }
  }
}

async function isAlive({ link, since }: Idle): Promise<boolean> {
  if (link.broken) return false;
  if (performance.now() - since < TRUSTED_MS) return true;
  // Whatever is wrong with it, another link is opened, and that one's problem is told.
  return link.check().then(
    () => !link.broken,
    () => false,
  );
}

function stopIf(signal: AbortSignal): void {
  if (signal.aborted) refuse({ type: "cancelled", message: "The statement was stopped." });
}
