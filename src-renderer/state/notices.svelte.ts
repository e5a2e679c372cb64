import { untrack } from "svelte";
import { frameText } from "../text/frame";
import type { Fault } from "../bridge";

/** A sentence at the foot of the window. It never needs an answer. */
export interface Notice {
  readonly id: number;
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  readonly detail?: string;
  /** The execution it is about: once that is looked at, it goes. */
  readonly executionId?: string;
  /** E.g. Undo. */
  readonly action?: { readonly title: string; readonly run: () => void | Promise<void> };
}

/** Whether all of it is one sentence that goes by itself: it needs no line of its own. */
export function isPassing({ severity, detail, action }: Notice): boolean {
  return severity === "info" && action === undefined && (detail ?? "") === "";
}

/** What was said lately. */
export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  /** Says something for a while; an action stays longer, errors stay until closed. `passes`: an error goes by itself too. */
  say(text: string, more: Partial<Omit<Notice, "id" | "text">> = {}, passes = false): number {
    const notice: Notice = { id: this.#next++, severity: "info", text, ...more };
    this.list = [...untrack(() => this.list).slice(-3), notice];
    if (notice.severity !== "error" || passes)
      setTimeout(() => this.close(notice.id), notice.action || notice.severity === "error" ? 12_000 : 5_000);
    return notice.id;
  }

  /** Says that something was done and offers to undo it. */
  undoable(text: string, undo: () => void | Promise<void>): void {
    this.say(text, { action: { title: frameText.undo, run: undo } });
  }

  /** Says why the host refused; nothing where somebody left it at that. */
  fault(fault: Fault): void {
    if (fault.code === "DECLINED") return;
    this.say(fault.what, {
      severity: "error",
      detail: [fault.where, fault.todo].filter(Boolean).join(" "),
    });
  }

  /** Takes away what was said of an execution. */
  seen(executionId: string): void {
    if (untrack(() => this.list).some((notice) => notice.executionId === executionId))
      this.list = this.list.filter((notice) => notice.executionId !== executionId);
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}

/** The window's notices. */
export const notices = new Notices();
