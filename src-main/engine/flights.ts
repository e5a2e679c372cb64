import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Ms } from "@shared/base/units";
import type { ComponentError } from "@shared/execution/error";
import type { Clock } from "./ports";

/** How a fetch ended for those who wait for it. */
export type Landing =
  | { readonly kind: "stored" }
  | { readonly kind: "failed"; readonly error: ComponentError }
  /** It was stopped: somebody else has to fetch. */
  | { readonly kind: "gone" }
  /** It takes longer than this one may wait. */
  | { readonly kind: "late" };

interface Flight {
  readonly execution: ExecutionId;
  readonly path: ComponentPath;
  readonly waiting: Set<(landing: Landing) => void>;
}

/** Who on this host is fetching which value for the cache: of those that miss at the same time, one fetches. */
export class Flights {
  private readonly flights = new Map<string, Flight>();
  private readonly outside = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  /** Whether somebody fetches `key`; whoever runs below the fetching component is part of the fetch and does not count. */
  isTaken(key: string, execution: ExecutionId, path: ComponentPath): "no" | "other" | "own" {
    const flight = this.flights.get(key);
    if (flight === undefined) return "no";
    const isOwn = flight.execution === execution && path.startsWith(`${flight.path}/`);
    return isOwn ? "own" : "other";
  }

  lead(key: string, execution: ExecutionId, path: ComponentPath): void {
    this.flights.set(key, { execution, path, waiting: new Set() });
  }

  /** The fetch of `key` is over. */
  land(key: string, landing: Landing): void {
    const flight = this.flights.get(key);
    this.flights.delete(key);
    for (const tell of flight?.waiting ?? []) tell(landing);
  }

  /** Waits for whoever fetches `key`, at most `patience`. */
  wait(key: string, patience: Ms, signal: AbortSignal): Promise<Landing> {
    const waiting = this.flights.get(key)?.waiting;
    if (waiting === undefined) return Promise.resolve({ kind: "gone" });
    return this.told(patience, signal, (tell) => {
      waiting.add(tell);
      return () => waiting.delete(tell);
    });
  }

  /** Waits until another process wrote something, at most `patience`. */
  waitOutside(patience: Ms, signal: AbortSignal): Promise<Landing> {
    return this.told(patience, signal, (tell) => {
      const look = (): void => tell({ kind: "gone" });
      this.outside.add(look);
      return () => this.outside.delete(look);
    });
  }

  /** Another process wrote: what it fetched may be there. */
  outsideChanged(): void {
    for (const look of this.outside) look();
  }

  private told(
    patience: Ms,
    signal: AbortSignal,
    listen: (tell: (landing: Landing) => void) => () => void,
  ): Promise<Landing> {
    return new Promise((resolve) => {
      const done = (landing: Landing): void => {
        stopListening();
        stopClock();
        signal.removeEventListener("abort", stopped);
        resolve(landing);
      };
      const stopped = (): void => done({ kind: "gone" });
      const stopListening = listen(done);
      const stopClock = this.clock.after(Math.max(0, patience), () => done({ kind: "late" }));
      signal.addEventListener("abort", stopped);
      if (signal.aborted) stopped();
    });
  }
}
