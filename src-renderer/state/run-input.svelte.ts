import type { Json } from "@shared/base/json";
import type { ParameterSchema } from "@shared/workflow/workflow";
import { ask, client } from "../bridge";
import { lasting } from "./lasting.svelte";

/** An input a workflow was run with before. */
export interface EarlierInput {
  readonly input: Json;
  readonly parameters: { readonly [name: string]: Json };
}

/** How a run differs from a plain one. */
export interface RunOptions {
  /** The active one unless said. */
  readonly environment?: string | undefined;
  readonly pauseAtStart: boolean;
  /** A faults file's text; empty: nothing goes wrong on purpose. */
  readonly faults: string;
  /** Of chance, as written; empty: another each time. */
  readonly seed: string;
  readonly virtualTime: boolean;
  /** In the queue higher goes first; the workflow's own unless said. */
  readonly priority?: number | undefined;
  /** Fires the workflow's schedules instead, in virtual time. */
  readonly asScheduled: boolean;
  /** For how long, as written. */
  readonly span: string;
  /** From when on, as written; empty: from now. */
  readonly from: string;
}

const PLAIN: RunOptions = {
  pauseAtStart: false,
  faults: "",
  seed: "",
  virtualTime: false,
  asScheduled: false,
  span: "24h",
  from: "",
};

/** What the next run of a workflow is given. Sensitive parameters stay in this window. */
export class RunInput {
  /** JSON, as written. */
  text = $state("");
  parameters = $state.raw<{ readonly [name: string]: string }>({});
  earlier = $state.raw<readonly EarlierInput[]>([]);

  /** What was chosen last in the dialog; a plain run leaves it aside. */
  options = $state.raw<RunOptions>(PLAIN);

  constructor(readonly workflowId: string) {}

  /** Changes how the dialog's run goes. */
  choose(part: Partial<RunOptions>): void {
    this.options = { ...this.options, ...part };
  }

  readonly problem = $derived.by(() => {
    if (this.text.trim() === "") return undefined;
    try {
      JSON.parse(this.text);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });

  /** Fetches what was used before; the newest is proposed. */
  async load(): Promise<void> {
    const last = await ask(client.executions.lastInput({ workflowId: this.workflowId }));
    if (!last.ok) return;
    this.earlier = last.value;
    const newest = last.value[0];
    if (newest && this.text === "" && Object.keys(this.parameters).length === 0) this.use(newest);
  }

  use(earlier: EarlierInput): void {
    this.text = earlier.input === null || earlier.input === undefined ? "" : JSON.stringify(earlier.input, null, 2);
    this.parameters = Object.fromEntries(
      Object.entries(earlier.parameters).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }

  setParameter(name: string, text: string): void {
    this.parameters = { ...this.parameters, [name]: text };
  }

  /** The input; null when nothing is written. */
  get input(): Json {
    return this.text.trim() === "" || this.problem !== undefined ? null : (JSON.parse(this.text) as Json);
  }

  /** Parameters by their types; those left empty take their defaults. */
  valuesFor(schemas: { readonly [name: string]: ParameterSchema }): { readonly [name: string]: Json } {
    const values: { [name: string]: Json } = {};
    for (const [name, schema] of Object.entries(schemas)) {
      const text = this.parameters[name];
      if (text !== undefined && text !== "") values[name] = typed(text, schema);
    }
    return values;
  }

  /** Parameters that must be given and are not. */
  missing(schemas: { readonly [name: string]: ParameterSchema }): readonly string[] {
    return Object.entries(schemas).flatMap(([name, schema]) =>
      schema.default === undefined && schema.required !== false && (this.parameters[name] ?? "") === "" ? [name] : [],
    );
  }
}

/** Text by the parameter's type; what does not fit stays text, so that the host can say what is wrong with it. */
function typed(text: string, schema: ParameterSchema): Json {
  const { type } = schema;
  if (type === "string" || type === undefined) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const known = new Map<string, RunInput>();

/** The input of a workflow's next run. */
export function runInputOf(workflowId: string): RunInput {
  const there = known.get(workflowId);
  if (there) return there;
  const made = lasting(() => new RunInput(workflowId));
  known.set(workflowId, made);
  void made.load();
  return made;
}
