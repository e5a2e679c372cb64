import type { Descriptor } from "@shared/components/descriptor";
import type { Edit, Into } from "@shared/workflow/edit";
import type { Workflow } from "@shared/workflow/workflow";
import type { Snippet } from "svelte";
import type { Flag } from "./canvas-view.svelte";
import type { Point } from "./layout";
import type { BreakerMark, BreakpointMark, CanvasMarks } from "./marks";

/** What is chosen: components by id, or one connection by its key. */
export interface CanvasSelection {
  readonly components: readonly string[];
  readonly connection?: string;
}

export const NOTHING: CanvasSelection = { components: [] };

/** Where a component is to be added, and what it is to be connected to. */
export interface AddPlace {
  /** On the canvas; absent where the layout finds a place. */
  readonly at?: Point;
  readonly into?: Into;
  readonly from?: { readonly id: string; readonly type: "success" | "error" };
}

/** What a screen can ask of a canvas once it is there. */
export interface CanvasHandle {
  fit(): void;
  /** Brings a component into sight, and the focus to it if asked. */
  reveal(id: string, focus?: boolean): void;
  zoom(by: number): void;
  focus(): void;
  /** Takes the focus as a whole, so that its keys work and no card is pointed out. */
  rest(): void;
}

export interface CanvasProps {
  readonly workflow: Workflow;
  readonly descriptorOf: (type: string) => Descriptor | undefined;
  readonly selection: CanvasSelection;
  readonly onselect: (selection: CanvasSelection) => void;
  /** Absent: the canvas shows and does not change. False: the edit was refused, and things go back to their place. */
  readonly onedit?: (edit: Edit) => boolean;
  /** A component is wanted: a type was dropped (`type`), or a place was shown for one. */
  readonly onadd?: (place: AddPlace, type: string | undefined, screen: Point) => void;
  /** Enter or a double click on a component. */
  readonly onactivate?: (id: string) => void;
  readonly marks?: CanvasMarks;
  readonly flags?: ReadonlyMap<string, Flag>;
  readonly breakpoints?: ReadonlyMap<string, BreakpointMark>;
  /** By component id: breakers that are not closed. */
  readonly breakers?: ReadonlyMap<string, BreakerMark>;
  readonly onbreakpoint?: (id: string) => void;
  readonly onready?: (handle: CanvasHandle) => void;
  /** Shown over an empty canvas. */
  readonly empty?: Snippet;
}

/** The drag's data type for a component type from the palette. */
export const DRAG_TYPE = "application/x-apg-component";
