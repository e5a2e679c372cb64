import type { Category, Descriptor } from "@shared/components/descriptor";
import type { Connection } from "@shared/workflow/workflow";
import type { Point } from "./layout";
import type { Outline, Piece } from "./outline";

export type Side = "in" | "out" | "side" | "side-in";

/** A lane's name inside a container, in the container's own pixels. */
export interface LaneName {
  readonly id: string;
  readonly x: number;
  readonly width: number;
  readonly empty: boolean;
}

/** One thing on the canvas, at its place inside `parent` (else on the canvas itself). */
export interface SceneNode {
  readonly id: string;
  readonly kind: "card" | "pill" | "container" | "note";
  readonly parent?: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Where the spine passes, from the left. */
  readonly spine: number;
  readonly title: string;
  readonly what: string;
  readonly type: string;
  readonly icon: string;
  readonly category: Category;
  readonly disabled: boolean;
  readonly ports: {
    readonly input: boolean;
    readonly success: boolean;
    readonly side: "error" | "conditional" | "both" | "none";
    readonly sideIn: boolean;
    readonly usesIn: boolean;
    readonly usesOut: boolean;
  };
  readonly lanes: readonly LaneName[];
  readonly collapsed: boolean;
  /** Icons of the members, for a collapsed container. */
  readonly inside: readonly string[];
}

/** A connection as drawn. */
export interface SceneWire {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly from: Side;
  readonly to: Side;
  readonly kind: "success" | "error" | "conditional";
  readonly label: string;
  readonly implied: boolean;
  readonly connection: Connection;
}

export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly wires: readonly SceneWire[];
}

/** What the scene is made from. `collapsed`: ids of containers shown closed. */
export interface SceneInput {
  readonly outline: Outline;
  readonly descriptorOf: (type: string) => Descriptor | undefined;
  readonly collapsed: ReadonlySet<string>;
  /** Lays everything out afresh, as if no component had a position. */
  readonly ignorePositions?: boolean;
}

/** A component with the room it takes and, for a container, where its members stand in it. */
export interface Sized {
  readonly piece: Piece;
  readonly kind: "card" | "pill" | "container";
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly LaneName[];
  readonly children: ReadonlyMap<string, Point>;
}
