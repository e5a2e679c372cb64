import type { Json } from "@shared/base/json";
import type { Outcome } from "@shared/execution/effect";
import type { ErrorType } from "@shared/execution/error";
import type { Component, Connection, Workflow } from "@shared/workflow/workflow";

/** A workflow of `components`, in the order listed or as connected. */
export function workflow(
  components: readonly Component[],
  connections?: readonly Connection[],
  more: Partial<Workflow> = {},
): Workflow {
  return { id: "tested", components, ...(connections === undefined ? {} : { connections }), ...more };
}

/** A component; `log` by default. */
export function step(id: string, more: Partial<Component> = {}): Component {
  return { id, type: "log", ...more };
}

/** Connections `"a b"`, `"a b error"`, `"a b case:x"`, `"a b if CONDITION"`. */
export function wires(...texts: readonly string[]): Connection[] {
  return texts.map((text) => {
    const [source = "", target = "", ...rest] = text.split(" ");
    const how = rest.join(" ");
    if (how === "") return { source, target };
    if (how === "error") return { source, target, type: "error" };
    if (how.startsWith("case:")) return { source, target, case: how.slice(5) };
    return { source, target, type: "conditional", condition: how.replace(/^if /, "") };
  });
}

/** A good outcome. */
export function gives(output: Json, more: Partial<Extract<Outcome, { kind: "completed" }>> = {}): Outcome {
  return { kind: "completed", output, ...more };
}

/** A bad one. */
export function fails(type: ErrorType = "component_error", message = "it broke"): Outcome {
  return { kind: "failed", error: { type, message } };
}
