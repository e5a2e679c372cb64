import { nearest } from "../../expression/nearest";
import { casesOf } from "../cases";
import { freshId } from "../edits/paste";
import { isStrategy } from "../graph";
import type { Rule, Subject } from "./subject";

/** Ids and connections that do not fit together, cycles, and what can never run. */
export const structure: Rule = (subject) => {
  for (const problem of subject.graph.problems) tell(subject, problem);
  handlers(subject);
  connectionKinds(subject);
  unconnected(subject);
};

function tell(subject: Subject, problem: Subject["graph"]["problems"][number]): void {
  const { byId } = subject.graph;
  const similar = (id: string): string | undefined => nearest(id, byId.keys());
  switch (problem.kind) {
    case "duplicate-id": {
      const fresh = freshId(problem.id, (id) => byId.has(id));
      const path = [...problem.path, "id"];
      subject.report("duplicate-id", "error", path, `Another component has the id ${problem.id} already.`, {
        fix: { title: `Rename to ${fresh}`, edit: { kind: "set", path, value: fresh } },
      });
      return;
    }
    case "unknown-member": {
      const near = similar(problem.id);
      const fix =
        near === undefined
          ? undefined
          : { title: `Write ${near}`, edit: { kind: "set", path: problem.path, value: near } as const };
      subject.report(
        "unknown-component",
        "error",
        problem.path,
        `${problem.owner} names ${problem.id}, which is no component.`,
        { fix },
      );
      return;
    }
    case "owned-twice":
      subject.report(
        "owned-twice",
        "error",
        problem.path,
        `${problem.id} is run by ${problem.other} already; a component has one owner.`,
      );
      return;
    case "ownership-cycle":
      subject.report("ownership-cycle", "error", problem.path, `${problem.id} is its own owner, through others.`, {
        at: "component",
      });
      return;
    case "dangling-connection": {
      const near = similar(problem.id);
      const path = [...problem.path, problem.end];
      const fix =
        near === undefined
          ? { title: "Remove the connection", edit: { kind: "remove", path: problem.path } as const }
          : { title: `Write ${near}`, edit: { kind: "set", path, value: near } as const };
      subject.report("dangling-connection", "error", path, `There is no component ${problem.id}.`, { fix });
      return;
    }
    case "ownership-border":
      subject.report(
        "ownership-border",
        "error",
        problem.path,
        `${problem.source} and ${problem.target} do not run under the same owner; connect components side by side.`,
      );
      return;
    case "duplicate-connection":
      subject.report(
        "duplicate-connection",
        "warning",
        problem.path,
        `${problem.source} leads to ${problem.target} like this already.`,
        {
          fix: { title: "Remove the connection", edit: { kind: "remove", path: problem.path } },
        },
      );
      return;
    case "cycle": {
      const [first] = problem.ids;
      subject.report(
        "cycle",
        "error",
        problem.path,
        `These wait for each other and never run: ${[...problem.ids, first].join(" → ")}.`,
      );
    }
  }
}

/** `on_failure` and `fallback_action` name a strategy or a component. */
function handlers(subject: Subject): void {
  const { byId } = subject.graph;
  for (const { component, path } of subject.components) {
    for (const key of ["on_failure", "fallback_action"] as const) {
      const name = component.error_handling?.[key];
      if (typeof name !== "string" || isStrategy(name) || byId.has(name)) continue;
      const at = [...path, "error_handling", key];
      const near = nearest(name, [
        "fail",
        "retry_with_backoff",
        "continue_to_fallback",
        "log_and_continue",
        "use_cached_data",
        ...byId.keys(),
      ]);
      const fix =
        near === undefined
          ? undefined
          : { title: `Write ${near}`, edit: { kind: "set", path: at, value: near } as const };
      subject.report("unknown-component", "error", at, `${name} is neither a strategy nor a component.`, { fix });
    }
  }
}

function connectionKinds(subject: Subject): void {
  (subject.workflow.connections ?? []).forEach((connection, index) => {
    const path = ["connections", index];
    const source = subject.graph.byId.get(connection.source)?.component;
    if (connection.type === "conditional" && connection.condition === undefined && connection.case === undefined) {
      subject.report("missing-condition", "error", path, "A conditional connection needs a condition or a case.");
    }
    if (connection.condition !== undefined && (connection.type === "success" || connection.type === "error")) {
      subject.report(
        "ignored-condition",
        "warning",
        [...path, "condition"],
        `The condition of a connection of type ${connection.type} is not looked at.`,
        {
          fix: { title: "Make it conditional", edit: { kind: "set", path: [...path, "type"], value: "conditional" } },
        },
      );
    }
    if (typeof connection.case !== "string" || source === undefined) return;
    const cases = casesOf(source.config);
    if (cases === undefined) {
      subject.report(
        "unknown-case",
        "error",
        [...path, "case"],
        `${connection.source} chooses no case; only decision and switch do.`,
      );
    } else if (!cases.includes(connection.case)) {
      const near = nearest(connection.case, cases);
      const fix =
        near === undefined
          ? undefined
          : { title: `Write ${near}`, edit: { kind: "set", path: [...path, "case"], value: near } as const };
      subject.report(
        "unknown-case",
        "error",
        [...path, "case"],
        `${connection.source} has no case ${connection.case}.`,
        { fix },
      );
    }
  });
}

/** Components nothing leads to, where everything else is connected. */
function unconnected(subject: Subject): void {
  const { graph } = subject;
  const inCycle = new Set(graph.problems.flatMap((problem) => (problem.kind === "cycle" ? problem.ids : [])));
  const notOwned = new Set(
    graph.problems.flatMap((problem) => (problem.kind === "ownership-cycle" ? [problem.id] : [])),
  );
  for (const node of graph.nodes) {
    if (graph.reachable.has(node.id) || inCycle.has(node.id) || notOwned.has(node.id)) continue;
    subject.report("unreachable", "error", node.path, `${node.id} never runs: what leads to it waits for itself.`, {
      at: "component",
    });
  }
  for (const scope of graph.scopes) {
    if (scope.implied || scope.members.length < 2) continue;
    const nodes = scope.members.map((id) => graph.byId.get(id)!);
    const starts = nodes.filter((node) => node.component.type === "start");
    const led = new Set(starts.map((node) => node.id));
    for (const id of led) for (const { target } of graph.byId.get(id)!.outgoing) led.add(target);
    for (const node of nodes) {
      const isAlone = node.incoming.length === 0 && node.outgoing.length === 0;
      if (isAlone)
        subject.report(
          "unconnected",
          "warning",
          node.path,
          `Nothing leads to ${node.id} and nothing follows it; it runs at once.`,
          { at: "component" },
        );
      else if (starts.length > 0 && !led.has(node.id) && !inCycle.has(node.id)) {
        subject.report(
          "unconnected",
          "warning",
          node.path,
          `${node.id} cannot be reached from ${starts[0]!.id}; it runs without waiting for it.`,
          { at: "component" },
        );
      }
    }
  }
}
