import { complete, type Completion } from "@shared/expression/complete";
import { tick } from "svelte";
import type { FormContext } from "./form-context";

/** The names proposed while an expression is written into a field. */
export class Proposing {
  list = $state.raw<readonly Completion[]>([]);
  chosen = $state(0);

  constructor(
    private readonly form: FormContext,
    private readonly as: () => "template" | "condition",
    private readonly write: (text: string) => void,
  ) {}

  /** Proposes what fits before the caret, once the field shows what was written. */
  async wrote(field: HTMLInputElement | HTMLTextAreaElement): Promise<void> {
    await tick();
    this.at(field);
  }

  at(field: HTMLInputElement | HTMLTextAreaElement): void {
    const offset = field.selectionStart ?? 0;
    const before = field.value.slice(0, offset);
    // Only while a name is being written; a list over every space would be in the way.
    this.list = /(?:[\w.]|\{\{\s?)$/.test(before)
      ? complete(field.value, offset, this.form.shapes(), this.as()).slice(0, 40)
      : [];
    this.chosen = 0;
  }

  close(): void {
    this.list = [];
  }

  async take(field: HTMLInputElement | HTMLTextAreaElement, proposal: Completion): Promise<void> {
    const caret = proposal.from + proposal.insert.length;
    this.write(field.value.slice(0, proposal.from) + proposal.insert + field.value.slice(proposal.to));
    this.close();
    await tick();
    field.setSelectionRange(caret, caret);
  }

  keydown(event: KeyboardEvent, field: HTMLInputElement | HTMLTextAreaElement): void {
    const { list, chosen } = this;
    if (event.key === " " && event.ctrlKey) this.at(field);
    else if (list.length === 0) return;
    else if (event.key === "ArrowDown") this.chosen = (chosen + 1) % list.length;
    else if (event.key === "ArrowUp") this.chosen = (chosen - 1 + list.length) % list.length;
    else if (event.key === "Enter" || event.key === "Tab") {
      const proposal = list[chosen];
      if (proposal) void this.take(field, proposal);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else return;
    event.preventDefault();
  }

  /** What the field says of its list to readers. */
  aria(list: string) {
    const open = this.list.length > 0;
    return {
      "aria-autocomplete": "list",
      "aria-controls": open ? list : undefined,
      "aria-activedescendant": open ? `${list}-${this.chosen}` : undefined,
    } as const;
  }
}
