import type { Json } from "@shared/base/json";
import type { ExecutionRow } from "@shared/contract/executions";
import type { ComponentError } from "@shared/execution/error";
import type { Entry, Event } from "@shared/execution/event";
import { REDACTED, type Value } from "@shared/execution/value";
import { compileCondition, compileTemplate } from "@shared/expression/template";
import { evaluateTemplate, Marked } from "@shared/expression/evaluate";
import type { Graph } from "@shared/workflow/graph";
import type { Workflow } from "@shared/workflow/workflow";
import { ask, client } from "../bridge";

/** What a component gave in the last run. */
export interface SampleOutput {
  readonly json: Json;
  /** Only its beginning is here. */
  readonly cut: boolean;
  readonly at: number;
  readonly durationMs: number;
}

/** Why a component failed in the last run. */
export interface SampleError {
  readonly error: ComponentError;
  readonly at: number;
  readonly durationMs: number;
}

/** What an expression comes to with the values of the last run. */
export type SampleResult =
  { readonly ok: true; readonly json: Json; readonly sensitive: boolean } | { readonly ok: false };

const MOST_EVENTS = 4_000;

/** The values of a workflow's last run, as far as they are small: what forms show beneath expressions. */
export class Sample {
  row = $state.raw<ExecutionRow | undefined>();
  outputs = $state.raw<{ readonly [id: string]: SampleOutput }>({});
  /** Of those whose last attempt failed. */
  errors = $state.raw<{ readonly [id: string]: SampleError }>({});
  #parameters: { readonly [name: string]: Value } = {};
  #input: Json | undefined;
  #stop: AbortController | undefined;
  #turn = 0;

  /** Loads the newest run of a workflow, or nothing. */
  async load(workflowId: string): Promise<void> {
    const mine = ++this.#turn;
    const list = await ask(client.executions.list({ workflowId, limit: 1 }));
    const row = list.ok ? list.value.rows[0] : undefined;
    // A run started meanwhile is newer, and who left looks at none.
    if (!row || mine !== this.#turn) return;
    this.row = row;
    await this.follow(row.id);
  }

  /** Follows one run; its outputs appear as they come. */
  async follow(executionId: string): Promise<void> {
    this.stop();
    const own = new AbortController();
    this.#stop = own;
    this.outputs = {};
    this.errors = {};
    let seen = 0;
    await ask(
      (async () => {
        for await (const item of await client.executions.follow({ id: executionId }, { signal: own.signal })) {
          if (own.signal.aborted) return;
          if (item.kind !== "entries") continue;
          this.take(item.entries);
          seen += item.entries.length;
          if (seen > MOST_EVENTS) own.abort();
        }
      })(),
    );
  }

  stop(): void {
    this.#turn++;
    this.#stop?.abort();
  }

  /** Takes journal entries from whoever follows the run. */
  take(entries: readonly Entry[]): void {
    const outputs = { ...this.outputs };
    const errors = { ...this.errors };
    for (const { event } of entries) this.#takeEvent(event, outputs, errors);
    this.outputs = outputs;
    this.errors = errors;
  }

  #takeEvent(event: Event, outputs: { [id: string]: SampleOutput }, errors: { [id: string]: SampleError }): void {
    if (event.kind === "execution-started") {
      this.#parameters = event.parameters;
      this.#input = jsonOf(event.input).json;
    } else if (event.kind === "attempt-completed") {
      const id = event.path.slice(event.path.lastIndexOf("/") + 1);
      outputs[id] = { ...jsonOf(event.output), at: event.at, durationMs: event.durationMs };
      delete errors[id];
    } else if (event.kind === "attempt-failed") {
      const id = event.path.slice(event.path.lastIndexOf("/") + 1);
      errors[id] = { error: event.error, at: event.at, durationMs: event.durationMs };
    }
  }

  /** Evaluates a template as the component `id` would, or what undoes it; fails where something it reads is not at hand. */
  evaluate(
    text: string,
    as: "template" | "condition",
    workflow: Workflow,
    graph: Graph,
    id: string | undefined,
    isUndo = false,
  ): SampleResult {
    const template = as === "condition" ? compileCondition(text) : compileTemplate(text);
    if (!template.ok) return { ok: false };
    const result = evaluateTemplate(template.value, {
      names: Object.assign(this.#names(text, workflow, graph, id), isUndo ? this.#outputOf(id) : {}),
      budget: { steps: 50_000, ms: 20, clock: () => performance.now() },
    });
    return result.ok ? { ok: true, json: result.value.json, sensitive: result.value.sensitive } : { ok: false };
  }

  #outputOf(id: string | undefined): { readonly output?: Json } {
    const output = this.outputs[id ?? ""];
    return output === undefined ? {} : { output: output.json };
  }

  #names(text: string, workflow: Workflow, graph: Graph, id: string | undefined): { readonly [name: string]: unknown } {
    const parameters: { [name: string]: unknown } = {};
    for (const [name, schema] of Object.entries(workflow.parameters ?? {})) {
      const value = this.#parameters[name];
      const sensitive = schema.sensitive === true || value?.kind === "sensitive";
      if (sensitive) parameters[name] = new Marked(REDACTED);
      else if (value) parameters[name] = jsonOf(value).json;
      else if (schema.default !== undefined) parameters[name] = schema.default;
    }
    const components: { [name: string]: unknown } = {};
    for (const [key, output] of Object.entries(this.outputs))
      components[key] = {
        output: output.json,
        status: "completed",
        completed: true,
        failed: false,
        skipped: false,
        attempts: 1,
      };
    const names: { [name: string]: unknown } = Object.create(null) as { [name: string]: unknown };
    Object.assign(
      names,
      this.#input !== null && typeof this.#input === "object" && !Array.isArray(this.#input) ? this.#input : {},
      parameters,
      components,
    );
    Object.assign(names, {
      parameters,
      components,
      workflow: {
        id: workflow.id,
        name: workflow.name ?? null,
        version: workflow.version ?? null,
        category: workflow.category ?? null,
      },
    });
    if (this.#input !== undefined) names.input_data = this.#input;
    names.secrets = Object.fromEntries(
      [...text.matchAll(/\bsecrets\.(\w+)/g)].map((match) => [match[1] ?? "", new Marked(REDACTED)]),
    );
    const node = id === undefined ? undefined : graph.byId.get(id);
    const sources = [...new Set(node?.incoming.map((connection) => connection.source) ?? [])];
    if (node && sources.length === 0 && node.scope.owner === undefined && this.#input !== undefined)
      names.input = this.#input;
    const only = sources.length === 1 ? this.outputs[sources[0] ?? ""] : undefined;
    if (only) names.input = only.json;
    else if (sources.length > 1)
      names.input = Object.fromEntries(
        sources.flatMap((source) => (this.outputs[source] ? [[source, this.outputs[source].json]] : [])),
      );
    return names;
  }
}

/** A value as far as the window has it: large ones are cut to their beginning, sensitive ones say so. */
export function jsonOf(value: Value): { readonly json: Json; readonly cut: boolean } {
  switch (value.kind) {
    case "inline":
      return { json: value.json, cut: false };
    case "stored":
      return { json: value.preview, cut: true };
    case "sensitive":
      return { json: REDACTED, cut: false };
    case "object": {
      const parts = Object.entries(value.fields).map(([key, field]) => [key, jsonOf(field)] as const);
      return {
        json: Object.fromEntries(parts.map(([key, part]) => [key, part.json])),
        cut: parts.some(([, part]) => part.cut),
      };
    }
    case "list": {
      const parts = value.items.slice(0, 100).map(jsonOf);
      return { json: parts.map((part) => part.json), cut: value.items.length > 100 || parts.some((part) => part.cut) };
    }
    case "part": {
      const of = jsonOf(value.of);
      const whole = of.json;
      const json = Array.isArray(whole)
        ? whole[Number(value.at)]
        : typeof whole === "object" && whole !== null
          ? (whole as { readonly [key: string]: Json })[String(value.at)]
          : null;
      return { json: json ?? null, cut: of.cut };
    }
  }
}
