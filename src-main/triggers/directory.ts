import { isJsonObject } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import { readWorkflow } from "@shared/workflow/file";
import { readTrigger } from "@shared/workflow/triggers/read";
import type { Trigger } from "@shared/workflow/triggers/trigger";
import type { StoredTrigger } from "../store/triggers";
import type { TriggersPorts } from "./ports";

/** A trigger of a stored workflow, with all that is known about it. */
export interface Known {
  readonly row: StoredTrigger;
  readonly workflowName: string;
  /** Where the workflow's relative paths start. */
  readonly folder: string;
  /** Whether the event's correlation id becomes the execution's. */
  readonly correlates: boolean;
  /** Why it cannot work, in a sentence. */
  readonly trigger: Result<Trigger, string>;
}

/** One that can fire. */
export type Able<T extends Trigger = Trigger> = Known & {
  readonly trigger: { readonly ok: true; readonly value: T };
};

interface Source {
  readonly revision: number;
  readonly name: string;
  readonly folder: string;
  readonly correlates: boolean;
}

/** The triggers of all workflows of the workspace, as their texts say. */
export class Directory {
  private readonly sources = new Map<string, Source>();
  private readonly readings = new Map<string, Result<Trigger, string>>();

  constructor(private readonly ports: Pick<TriggersPorts, "triggers" | "workflow">) {}

  /** Reads the workflows that changed. */
  refresh(): void {
    const { triggers } = this.ports;
    const present = triggers.sources();
    const ids = new Set(present.map(({ id }) => id));
    for (const { id, revision } of present) if (this.sources.get(id)?.revision !== revision) this.read(id, revision);
    for (const id of this.sources.keys()) if (!ids.has(id)) this.sources.delete(id);
    for (const { workflowId } of triggers.list()) if (!ids.has(workflowId)) triggers.sync(workflowId, []);
  }

  private read(id: string, revision: number): void {
    const stored = this.ports.workflow(id);
    if (stored === undefined) return;
    const { workflow } = readWorkflow(stored.text, stored.format);
    // A text that cannot be read just now says nothing about its triggers; what it said before stands.
    if (workflow === undefined) return;
    this.sources.set(id, {
      revision,
      name: workflow.name ?? id,
      folder: stored.folder,
      correlates: workflow.execution_context?.["propagate_correlation_id"] !== false,
    });
    const written = workflow.triggers ?? [];
    this.ports.triggers.sync(
      id,
      written.map((trigger) => ({ type: String(trigger["type"]), text: JSON.stringify(trigger) })),
    );
  }

  all(workflowId?: string): readonly Known[] {
    return this.ports.triggers.list(workflowId).flatMap((row) => {
      const source = this.sources.get(row.workflowId);
      if (source === undefined) return [];
      const { name, folder, correlates } = source;
      return [{ row, workflowName: name, folder, correlates, trigger: this.reading(row.definition) }];
    });
  }

  at(workflowId: string, index: number): Known | undefined {
    return this.all(workflowId).find(({ row }) => row.index === index);
  }

  byId(id: number): Known | undefined {
    return this.all().find(({ row }) => row.id === id);
  }

  /** Those of a type that are on and can work. */
  on<T extends Trigger["type"]>(type: T): readonly Able<Extract<Trigger, { readonly type: T }>>[] {
    return this.all().filter(
      (known): known is Able<Extract<Trigger, { readonly type: T }>> =>
        known.row.enabled && known.trigger.ok && known.trigger.value.type === type,
    );
  }

  private reading(definition: string): Result<Trigger, string> {
    const known = this.readings.get(definition);
    if (known !== undefined) return known;
    const written: unknown = JSON.parse(definition);
    const read = isJsonObject(written) ? readTrigger(written) : fail([{ message: "It is no mapping." }]);
    const reading = read.ok ? ok(read.value) : fail(read.problem.map(({ message }) => message).join(" "));
    this.readings.set(definition, reading);
    return reading;
  }
}
