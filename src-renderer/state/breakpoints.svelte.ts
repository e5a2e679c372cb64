import type { Breakpoint } from "@shared/debug/breakpoint";
import { ask, client } from "../bridge";
import { lasting } from "./lasting.svelte";
import { notices } from "./notices.svelte";

/** The breakpoints of one workflow, as the host keeps them. */
export class Breakpoints {
  list = $state.raw<readonly Breakpoint[]>([]);
  readonly marks = $derived(
    new Map(
      this.list.map((item) => [
        item.component,
        { enabled: item.enabled, ...(item.condition === undefined ? {} : { condition: item.condition }) },
      ]),
    ),
  );

  constructor(readonly workflowId: string) {}

  async load(): Promise<void> {
    const list = await ask(client.debug.breakpoints({ workflowId: this.workflowId }));
    if (list.ok) this.list = list.value;
  }

  at(component: string): Breakpoint | undefined {
    return this.list.find((item) => item.component === component);
  }

  /** Sets a breakpoint, or removes the one that is there. */
  toggle(component: string): void {
    void this.#store(
      this.at(component)
        ? this.list.filter((item) => item.component !== component)
        : [...this.list, { workflowId: this.workflowId, component, enabled: true }],
    );
  }

  /** Changes one, e.g. its condition. */
  change(component: string, to: Partial<Omit<Breakpoint, "workflowId" | "component">>): void {
    void this.#store(this.list.map((item) => (item.component === component ? { ...item, ...to } : item)));
  }

  /** Switches all on or off; none is removed. */
  enableAll(enabled: boolean): void {
    void this.#store(this.list.map((item) => ({ ...item, enabled })));
  }

  async #store(list: readonly Breakpoint[]): Promise<void> {
    const before = this.list;
    this.list = list;
    const stored = await ask(client.debug.setBreakpoints({ workflowId: this.workflowId, breakpoints: [...list] }));
    if (stored.ok) return;
    this.list = before;
    notices.fault(stored.problem);
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
