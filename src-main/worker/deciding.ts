import { decide, Gone } from "@shared/execution/decide";
import type { DecideAnswer, DecideJob } from "@shared/execution/jobs";
import { planFor } from "./plans";

/** Answers a question about values that are too large for the main thread. */
export function decideHere({ definition, state, question, referred, at }: DecideJob): DecideAnswer {
  const texts = (kind: "texts" | "secrets", id: string): string => {
    const text = referred[kind][id];
    if (text === undefined) throw new Gone(id);
    return text;
  };
  return decide(planFor(definition), state, question, texts, at, () => performance.now());
}
