import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import type { Descriptor } from "../../components/descriptor";
import type { AliasNote } from "../alias";
import { canonical } from "../canonical";
import { type ExpressionText, expressionsOf } from "../expressions";
import type { WorkflowDocument } from "../file";
import type { Finding, Fix, Place, Severity } from "../finding";
import { type Graph, graphOf } from "../graph";
import { walkComponents } from "../members";
import { Names } from "../shape";
import type { Component, Path, Workflow } from "../workflow";

/** What the studio knows beside the workflow itself. What is absent is not known, and nothing is said about it. */
export interface CheckContext {
  /** The ids of the workflows that can be called. */
  readonly workflowIds?: Iterable<string>;
  readonly env?: Iterable<string>;
  readonly secrets?: Iterable<string>;
  readonly connections?: Iterable<{ readonly name: string; readonly kind: string }>;
}

/** How a finding is placed and repaired. */
export interface Details {
  readonly fix?: Fix;
  /** `key`: the key at the end of the path; `component`: the component's id; a pair: characters of the text there. */
  readonly at?: "value" | "key" | "component" | { readonly from: number; readonly to: number };
}

/** A component with where it stands. */
export interface ComponentAt {
  readonly component: Component;
  readonly path: Path;
  /** As if every alias stood in its canonical place. */
  readonly canonical: Component;
  readonly descriptor?: Descriptor;
}

/** What the rules look at, and where they report. One for each check. */
export class Subject {
  readonly findings: Finding[] = [];
  readonly workflow: Workflow;
  readonly graph: Graph;
  readonly components: readonly ComponentAt[];
  readonly expressions: readonly ExpressionText[];
  readonly names: Names;
  readonly notes: readonly AliasNote[];
  readonly workflowIds?: ReadonlySet<string>;
  /** The workflow's `permissions`, from wherever they stand. */
  readonly permissions?: JsonObject;

  constructor(
    readonly document: WorkflowDocument,
    workflow: Workflow,
    readonly descriptorOf: (type: string) => Descriptor | undefined,
    readonly context: CheckContext,
  ) {
    this.workflow = workflow;
    this.graph = graphOf(workflow);
    const read = canonical(workflow);
    this.notes = read.notes;
    if (read.workflow.permissions !== undefined) this.permissions = read.workflow.permissions;
    const canonicals = new Map<string, Component>();
    walkComponents(read.workflow, (component, path) => canonicals.set(path.join(" "), component));
    const components: ComponentAt[] = [];
    walkComponents(workflow, (component, path) => {
      const descriptor = component.type === "" ? undefined : descriptorOf(component.type);
      components.push({
        component,
        path,
        canonical: canonicals.get(path.join(" ")) ?? component,
        ...(descriptor === undefined ? {} : { descriptor }),
      });
    });
    this.components = components;
    this.expressions = expressionsOf(workflow);
    this.names = new Names(workflow, this.graph, context);
    if (context.workflowIds !== undefined) this.workflowIds = new Set(context.workflowIds);
  }

  report(rule: string, severity: Severity, path: Path, message: string, { fix, at = "value" }: Details = {}): void {
    const place = this.#place(path, at);
    const component = this.#componentOf(path);
    this.findings.push({
      rule,
      severity,
      place: { ...place, path, ...(component === undefined ? {} : { component }) },
      message,
      ...(fix === undefined ? {} : { fix }),
    });
  }

  #place(path: Path, at: Details["at"]): Place {
    const { document } = this;
    if (typeof at === "object") return document.spanPlace(path, at.from, at.to) ?? document.nearestPlace(path);
    if (at === "key") return document.keyPlace(path) ?? document.nearestPlace(path);
    if (at === "component") return document.place([...path, "id"]) ?? document.nearestPlace(path);
    return document.nearestPlace(path);
  }

  /** The component whose text holds `path`; a connection belongs to its source. */
  #componentOf(path: Path): string | undefined {
    if (path[0] === "connections" && typeof path[1] === "number")
      return this.workflow.connections?.[path[1]]?.source || undefined;
    if (path[0] !== "components") return path[0] === "compensation" ? (path[1] as string | undefined) : undefined;
    let value: Json | undefined = this.workflow.components as unknown as Json;
    let found: string | undefined;
    for (let length = 1; length < path.length; length++) {
      const key = path[length]!;
      value = Array.isArray(value)
        ? (value as readonly Json[])[key as number]
        : isJsonObject(value)
          ? value[key]
          : undefined;
      const isMember = typeof key === "number" ? path[length - 1] === "components" : key === "fallback_component";
      if (isMember && isJsonObject(value) && typeof value["id"] === "string" && value["id"] !== "") found = value["id"];
    }
    return found;
  }
}

/** One family of rules. */
export type Rule = (subject: Subject) => void;
