import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const LOOK_MS = 5000;
/** What the heap must have grown by to be worth a collection. */
const WORTH = 4 * 1024 * 1024;

type Collect = (how: { readonly execution: "async"; readonly flavor: "last-resort" }) => Promise<void>;

/**
 * Gives memory back once the host has had nothing to do for a few seconds: V8 collects only while a program allocates, so what a
 * busy moment left would stay until the next one. Returns the way to stop.
 */
export function restWhenIdle(isBusy: () => boolean): () => void {
  let wasBusy = true;
  let left = 0;
  let collect: Collect | undefined;
  const timer = setInterval(() => {
    const busy = isBusy();
    const rests = !busy && !wasBusy;
    wasBusy = busy;
    if (!rests || process.memoryUsage().heapUsed < left + WORTH) return;
    collect ??= collector();
    void collect({ execution: "async", flavor: "last-resort" }).then(() => (left = process.memoryUsage().heapUsed));
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}

/** V8 shows its collector only to contexts made after the flag is set. */
function collector(): Collect {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as Collect;
  setFlagsFromString("--no-expose-gc");
  return collect;
}
