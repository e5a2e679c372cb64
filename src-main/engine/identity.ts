import { createHash, randomBytes } from "node:crypto";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { AtMs, Ms } from "@shared/base/units";
import type { Clock } from "./ports";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;

let spare = Buffer.alloc(0);
let used = 0;

/** The machine's time and chance. */
export const machineClock: Clock = {
  now: () => Date.now(),
  after: (delay: Ms, fire: () => void) => {
    // A timer above 2^31 ms fires at once; whoever waits that long is woken early and asks again.
    const timer = setTimeout(fire, Math.min(delay, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
  random: (bytes: number) => {
    // One call to the system serves many starts.
    if (spare.length - used < bytes) {
      spare = randomBytes(4096);
      used = 0;
    }
    used += bytes;
    return spare.toString("hex", used - bytes, used);
  },
};

function timePart(at: AtMs): string {
  let rest = at;
  let text = "";
  for (let n = 0; n < TIME_LENGTH; n += 1) {
    text = DIGITS[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function chancePart(bytes: Uint8Array): string {
  let text = "";
  for (let n = 0; n < CHANCE_LENGTH; n += 1) text += DIGITS[(bytes[n] ?? 0) % 32];
  return text;
}

/** A fresh execution id: sorts by the time of the start. */
export function executionId(clock: Clock): ExecutionId {
  return timePart(clock.now()) + chancePart(Buffer.from(clock.random(CHANCE_LENGTH), "hex"));
}

/** The id of the execution that attempt `attempt` at `path` of `parent` starts: the same however often it is asked for. */
export function childId(parent: ExecutionId, path: ComponentPath, attempt: number): ExecutionId {
  const digest = createHash("sha256").update(`${parent}/${path}@${attempt}`).digest();
  return parent.slice(0, TIME_LENGTH) + chancePart(digest);
}
