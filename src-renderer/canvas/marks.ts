import type { ComponentStatus } from "@shared/execution/status";

/** What a run says about one component. The card shows it; the card's size never changes. */
export interface ComponentMark {
  readonly status: ComponentStatus;
  /** The second line while there is a mark: what happened, e.g. `412 records · 1.24 s`. */
  readonly facts?: string;
  /** Held by the gate before it runs. */
  readonly held?: boolean;
  /** Failed, and the workflow goes on. */
  readonly tolerated?: boolean;
  /** More than one attempt was made. */
  readonly retried?: boolean;
  /** A cache had its output, fresh or the last good one. */
  readonly cached?: boolean;
  /** What it did is being taken back, or could not be. */
  readonly undo?: "running" | "failed";
  /** Part done, 0..1: the line at a loop's lower edge. */
  readonly fraction?: number;
  /** What stands in place of a lane's name, e.g. `item.id = "o_88213"`. */
  readonly round?: string;
}

/** What a run says about one connection. */
export interface ConnectionMark {
  readonly state: "taken" | "dead" | "flowing";
  /** How its condition came out, e.g. `true · 14 > 0`. */
  readonly judged?: string;
}

/** A run laid over the canvas: components by id, connections by {@link connectionKey}. */
export interface CanvasMarks {
  readonly components: { readonly [id: string]: ComponentMark };
  readonly connections: { readonly [key: string]: ConnectionMark };
}

/** A circuit breaker that lets nothing, or little, through. */
export interface BreakerMark {
  readonly state: "open" | "half-open";
  /** What the card's sign says in words: `breaker open, tries again at 14:02`. */
  readonly title: string;
}

/** A breakpoint as a card shows it at its top left corner. */
export interface BreakpointMark {
  readonly enabled: boolean;
  readonly condition?: string;
}

/** Names a connection within its workflow: two between the same components differ by kind, case or condition. */
export function connectionKey(connection: {
  readonly source: string;
  readonly target: string;
  readonly type?: string;
  readonly case?: string;
  readonly condition?: unknown;
}): string {
  const kind = connection.case !== undefined ? `case:${connection.case}` : (connection.type ?? "success");
  const condition = connection.condition === undefined ? "" : `:${String(connection.condition)}`;
  return `${connection.source}>${connection.target}:${kind}${condition}`;
}
