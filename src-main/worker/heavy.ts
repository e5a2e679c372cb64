import { jsonWeight } from "@shared/base/json-weight";
import type { Bytes } from "@shared/base/units";
import { NOTHING_KEPT } from "@shared/execution/keep";
import type { Finished, Referred } from "@shared/execution/work";
import { refuse } from "./behaviour";

/**
 * What the values of one output may take in memory. A thread that runs out of memory may take the whole program with it, so what
 * would be too much is refused before it is parsed, and never stored for others to read.
 */
export const HEAVIEST: Bytes = 512 * 1024 * 1024;
/** Who reads more than this is given a process of its own, which may die of it. */
const FOR_A_THREAD: Bytes = 256 * 1024 * 1024;
/** A text is held as it came, as it is written down, and where it is written. */
const COPIES = 3;
/** Texts shorter than this are never too heavy, and need not be looked through. */
const LIGHT = 1024 * 1024;

/** What may still be parsed of the answers of one attempt. */
export class Room {
  private left: Bytes;

  constructor(private readonly most: Bytes = HEAVIEST) {
    this.left = most;
  }

  /** Makes room for the values of JSON `text` that `where` sent; refused when they do not fit. */
  take(text: string, where: string): void {
    this.weigh(text.length < LIGHT ? text.length : jsonWeight(text), where);
  }

  /** Makes room for a text of so many characters that `where` sent. */
  takeText(characters: number, where: string): void {
    this.weigh(characters * COPIES, where);
  }

  private weigh(weight: Bytes, where: string): void {
    this.left -= weight;
    if (this.left >= 0) return;
    refuse({
      type: "resource_limit_exceeded",
      message: `${where} sent values that would take more than ${megabytes(this.most)} MB of memory. Ask for less at a time, or save the answer to a file (save_to) and read that as the source of a transform, which takes it row by row.`,
    });
  }
}

/** Whether the texts that a task refers to want a process of their own. */
export function isHeavy({ texts, secrets }: Referred): boolean {
  let weight = 0;
  for (const text of [...Object.values(texts), ...Object.values(secrets)]) {
    if (text.length >= LIGHT) weight += jsonWeight(text);
    if (weight > FOR_A_THREAD) return true;
  }
  return false;
}

/** `finished`, or the failure of an output that nobody could read again. */
export function bearable(finished: Finished, most: Bytes = HEAVIEST): Finished {
  if (finished.kind !== "completed") return finished;
  const weight = finished.kept.values.reduce(
    (sum, { text }) => sum + (text.length < LIGHT ? text.length : jsonWeight(text)),
    0,
  );
  if (weight <= most) return finished;
  const { logs } = finished;
  return {
    kind: "failed",
    error: {
      type: "resource_limit_exceeded",
      message: `Its output would take about ${megabytes(weight)} MB of memory, and ${megabytes(most)} MB is the most. Write it to a file, or hand on a dataset: a transform with a source does.`,
    },
    ...(logs === undefined ? {} : { logs }),
    kept: NOTHING_KEPT,
  };
}

function megabytes(bytes: Bytes): string {
  return Math.round(bytes / (1024 * 1024)).toLocaleString("en");
}
