import type { AtMs, Ms } from "../base/units";
import type { ComponentError } from "./error";
import { complete } from "./settle";
import type { Spot, Turn } from "./turn";
import type { Value } from "./value";

/** Asks for the last good output of a component whose attempts are used up. */
export function startRecall(turn: Turn, spot: Spot, error: ComponentError): void {
  turn.set(spot, { status: "running", recalling: true, error, retryAt: undefined });
  turn.effect({ kind: "recall", path: turn.path(spot) });
}

/** There is a last good output: the component completes with it, and the execution is told. */
export function recalled(turn: Turn, spot: Spot, output: Value, storedAt: AtMs | undefined): void {
  const age = storedAt === undefined ? "" : `, ${ageText(turn.at - storedAt)} old`;
  const why = turn.slot(spot).error?.message ?? "it failed";
  complete(turn, spot, output, {
    from: "last-good",
    facts: `last good${age.replace(",", " ·")}`,
    warnings: [`The last good output is used${age}: ${why}`],
    error: undefined,
    recalling: undefined,
  });
}

/** How old something is, in two words: `12 s`, `4 min`, `3 h`, `2 days`. */
export function ageText(age: Ms): string {
  const seconds = Math.max(0, Math.floor(age / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
