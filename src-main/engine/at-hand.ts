import type { ExecutionState } from "@shared/execution/state";
import type { Kept } from "@shared/execution/work";
import type { Course } from "./course";
import { sealedText } from "./providing";

/** The texts one execution's values refer to, whether they are written yet or not. */
export class AtHand {
  private readonly fresh = new Map<string, string>();
  private seals: boolean;
  /** Whether any value lies in the store: until then no question can be large. */
  stores = false;

  constructor(private readonly course: Course) {
    this.seals = course.parts.definition.includes("secrets") || course.plan.workflow.privacy !== undefined;
  }

  /** Whether any value lies in the store or the vault. */
  get keeps(): boolean {
    return this.stores || this.seals;
  }

  /** An execution that is taken up may hold values from before. */
  takeUp(state: ExecutionState): void {
    const text = JSON.stringify(state);
    this.stores = text.includes('"kind":"stored"');
    this.seals ||= text.includes('"kind":"sensitive"');
  }

  /** Texts of this turn, which the store has when the turn is written. */
  keep(kept: Kept): void {
    for (const { id, text } of kept.values) this.fresh.set(`texts/${id}`, text);
    for (const { id, text } of kept.secrets) this.fresh.set(`secrets/${id}`, text);
    this.stores ||= kept.values.length > 0;
    this.seals ||= kept.secrets.length > 0;
    this.course.rooms.texts.remember(this.course.id, kept);
  }

  written(): void {
    this.fresh.clear();
  }

  text(kind: "texts" | "secrets", id: string): string {
    const fresh = this.fresh.get(`${kind}/${id}`);
    if (fresh !== undefined) return fresh;
    return kind === "texts" ? this.course.rooms.texts.stored(this.course.id, id) : sealedText(this.course, id);
  }
}
