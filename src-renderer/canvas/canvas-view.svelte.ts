import { getContext, setContext } from "svelte";
import type { BreakerMark, BreakpointMark, CanvasMarks, ComponentMark, ConnectionMark } from "./marks";

/** How much of a card can be read at the present zoom. */
export type Closeness = "near" | "mid" | "far" | "block";

/** The worst finding of a component, for the flag on its card. */
export interface Flag {
  readonly severity: "error" | "warning";
  readonly message: string;
}

const KEY = Symbol("canvas view");

/** What cards and wires look up by id, so that a run or a check redraws those it concerns and nothing else. */
export class CanvasView {
  marks = $state.raw<CanvasMarks | undefined>();
  flags = $state.raw<ReadonlyMap<string, Flag>>(new Map());
  breakpoints = $state.raw<ReadonlyMap<string, BreakpointMark>>(new Map());
  breakers = $state.raw<ReadonlyMap<string, BreakerMark>>(new Map());
  /** Whether the workflow can be changed here. */
  editable = $state(false);
  closeness = $state<Closeness>("near");
  /** The port a connection by keyboard starts from. */
  connectingFrom = $state<string | undefined>();
  onBreakpoint = $state.raw<((id: string) => void) | undefined>();
  onToggle = $state.raw<(id: string) => void>(() => undefined);

  component(id: string): ComponentMark | undefined {
    return this.marks?.components[id];
  }

  connection(key: string): ConnectionMark | undefined {
    return this.marks?.connections[key];
  }
}

/** The closeness at `zoom`: names vanish below 45 %, icons below 20 %. */
export function closenessAt(zoom: number): Closeness {
  return zoom >= 0.7 ? "near" : zoom >= 0.45 ? "mid" : zoom >= 0.2 ? "far" : "block";
}

export function provideCanvasView(view: CanvasView): void {
  setContext(KEY, view);
}

export function canvasView(): CanvasView {
  return getContext<CanvasView>(KEY);
}
