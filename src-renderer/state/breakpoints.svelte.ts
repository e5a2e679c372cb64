import type { Breakpoint } from "@shared/debug/breakpoint";
import { ask, client } from "../bridge";
import { lasting } from "./lasting.svelte";
import { notices } from "./notices.svelte";

type Change = (list: readonly Breakpoint[]) => readonly Breakpoint[];

/** The breakpoints of one workflow, as the host keeps them. */
export class Breakpoints {
  /** As the host last had it. */
  #stored = $state.raw<readonly Breakpoint[]>([]);
  /** What the host has not answered to. */
  #changes = $state.raw<readonly Change[]>([]);
  readonly list = $derived(this.#changes.reduce((list, change) => change(list), this.#stored));
  readonly marks = $derived(
    new Map(
      this.list.map((item) => [
        item.component,
        { enabled: item.enabled, ...(item.condition === undefined ? {} : { condition: item.condition }) },
      ]),
    ),
  );

  constructor(readonly workflowId: string) {}

  /** The host is asked one thing after the other: a change is one of the list that it has by then. */
  #line: Promise<void> = Promise.resolve();

  load(): Promise<void> {
    return this.#next(async () => {
      const list = await ask(client.debug.breakpoints({ workflowId: this.workflowId }));
      if (list.ok) this.#stored = list.value;
    });
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#line = this.#line.then(act);
    return this.#line;
  }

  at(component: string): Breakpoint | undefined {
    return this.list.find((item) => item.component === component);
  }

  /** Sets a breakpoint, or removes the one that is there. */
  toggle(component: string): void {
    void this.#store((list) =>
      list.some((item) => item.component === component)
        ? list.filter((item) => item.component !== component)
        : [...list, { workflowId: this.workflowId, component, enabled: true }],
    );
  }

  /** Changes one, e.g. its condition. */
  change(component: string, to: Partial<Omit<Breakpoint, "workflowId" | "component">>): void {
    void this.#store((list) => list.map((item) => (item.component === component ? { ...item, ...to } : item)));
  }

  /** Switches all on or off; none is removed. */
  enableAll(enabled: boolean): void {
    void this.#store((list) => list.map((item) => ({ ...item, enabled })));
  }

  #store(change: Change): Promise<void> {
    this.#changes = [...this.#changes, change];
    return this.#next(async () => {
      const breakpoints = [...change(this.#stored)];
      const stored = await ask(client.debug.setBreakpoints({ workflowId: this.workflowId, breakpoints }));
      if (stored.ok) this.#stored = breakpoints;
      else notices.fault(stored.problem);
      this.#changes = this.#changes.filter((one) => one !== change);
    });
  }
}

const known = new Map<string, Breakpoints>();

/** The breakpoints of a workflow; fetched on first use. */
export function breakpointsOf(workflowId: string): Breakpoints {
  const there = known.get(workflowId);
  if (there) return there;
  const made = lasting(() => new Breakpoints(workflowId));
  known.set(workflowId, made);
  void made.load();
  return made;
}
