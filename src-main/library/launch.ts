import type { Json } from "@shared/base/json";
import { fail, type Result } from "@shared/base/result";
import type { Settings } from "@shared/contract/host";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { ExecutionStarted } from "@shared/execution/event";
import type { Finding } from "@shared/workflow/finding";
import type { Workflow } from "@shared/workflow/workflow";
import type { Engine, EngineProblem } from "../engine/engine";
import type { ExecutionHead, Laboratory } from "../engine/ports";
import type { LabProblem, LabRequest } from "../lab/open";
import type { EnvironmentProblem } from "../trust/room";
import type { Library } from "./library";
import { errorsOf } from "./reading";

export type LaunchProblem =
  | { readonly kind: "unknown-workflow"; readonly id: string }
  | { readonly kind: "has-errors"; readonly findings: readonly Finding[] }
  /** Sensitive parameters of an earlier execution, which nothing keeps. */
  | { readonly kind: "missing-parameters"; readonly names: readonly string[] }
  | EnvironmentProblem
  | LabProblem
  | EngineProblem;

/** A start as a window asks for it. */
export interface LaunchRequest {
  readonly workflowId: string;
  /** The editor's text; absent: what is stored. */
  readonly text?: string;
  readonly format?: "yaml" | "json";
  readonly input: Json;
  readonly parameters: { readonly [name: string]: Json };
  readonly debug: boolean;
  readonly breakpoints: readonly Breakpoint[];
  /** Hold before the first component. */
  readonly pauseAtStart?: boolean;
  /** The environment it runs in; the active one unless said. */
  readonly environment?: string;
  /** What a trigger adds: the event, and an id settled beforehand. */
  readonly event?: Json;
  readonly id?: string;
  readonly correlationId?: string;
  /** In the queue, higher goes first. */
  readonly priority?: number;
  /** What is to go wrong on purpose, and whether waits pass at once. */
  readonly lab?: LabRequest;
}

/** What a launch needs of the other rooms. */
export interface LaunchPorts {
  readonly library: Library;
  readonly engine: Engine;
  readonly settings: () => Settings;
  readonly environment: (
    name: string | undefined,
  ) => Result<{ readonly name: string; readonly env: Settings["env"] }, EnvironmentProblem>;
  readonly openLab: (request: LabRequest) => Result<Laboratory, LabProblem>;
  /** The workspace's `files`: where workflows without a file of their own read and write. */
  readonly files: string;
  /** Hosts that stand in for an example's while it runs. */
  readonly sampleHosts: (text: string) => Promise<{ readonly [host: string]: string }>;
  readonly head: (executionId: string) => ExecutionHead | undefined;
  /** The first event of an execution's journal. */
  readonly started: (executionId: string) => Promise<ExecutionStarted | undefined>;
}

/** Turns a workflow of the library, or the editor's text, into an execution. */
export class Launch {
  constructor(private readonly ports: LaunchPorts) {}

  async start(request: LaunchRequest): Promise<Result<{ readonly id: string }, LaunchProblem>> {
    const stored = this.ports.library.get(request.workflowId);
    const text = request.text ?? stored?.text;
    if (text === undefined) return fail({ kind: "unknown-workflow", id: request.workflowId });
    const ids = this.ports.library.list().map((row) => row.id);
    const checked = errorsOf(text, request.format ?? stored?.format ?? "yaml", ids);
    if (checked.workflow === undefined || checked.errors.length > 0)
      return fail({ kind: "has-errors", findings: checked.errors });
    return this.run(checked.workflow, text, request, request.workflowId);
  }

  /** Runs what an earlier execution ran: the same definition and input, whatever the workflow says by now. */
  async again(
    id: string,
    parameters: { readonly [name: string]: Json },
    debug: boolean,
  ): Promise<Result<{ readonly id: string }, LaunchProblem>> {
    const head = this.ports.head(id);
    const started = head === undefined ? undefined : await this.ports.started(id);
    if (head === undefined || started === undefined) return fail({ kind: "unknown-execution", id });
    const { definition, definitionText } = started;
    const given = { ...head.given.parameters, ...parameters };
    const missing = Object.entries(definition.parameters ?? {}).filter(
      ([name, schema]) => schema.sensitive === true && name in started.parameters && !(name in given),
    );
    if (missing.length > 0) return fail({ kind: "missing-parameters", names: missing.map(([name]) => name) });
    const breakpoints = debug ? this.ports.engine.breakpoints(head.workflowId) : [];
    return this.run(
      definition,
      definitionText,
      {
        input: head.given.input,
        parameters: given,
        debug,
        breakpoints,
        ...(head.environment === undefined ? {} : { environment: head.environment }),
      },
      head.workflowId,
    );
  }

  private async run(
    definition: Workflow,
    text: string | undefined,
    request: Omit<LaunchRequest, "workflowId" | "text" | "format">,
    workflowId: string,
  ): Promise<Result<{ readonly id: string }, LaunchProblem>> {
    const { files, settings, engine, library, sampleHosts } = this.ports;
    const { hosts, env, allowedFolders, trusted } = settings();
    const environment = this.ports.environment(request.environment);
    if (!environment.ok) return environment;
    const lab = request.lab === undefined ? undefined : this.ports.openLab(request.lab);
    if (lab?.ok === false) return lab;
    const folder = library.folderOf(workflowId) ?? files;
    return engine.begin({
      definition,
      ...(text === undefined ? {} : { definitionText: text }),
      input: request.input,
      parameters: request.parameters,
      env: { ...env, ...environment.value.env },
      environment: environment.value.name,
      folder,
      allowed: [folder, files, ...allowedFolders],
      hosts: { ...(await sampleHosts(text ?? JSON.stringify(definition))), ...hosts },
      trusted,
      debug: request.debug,
      breakpoints: request.breakpoints,
      ...(request.pauseAtStart === undefined ? {} : { pauseAtStart: request.pauseAtStart }),
      ...(lab === undefined ? {} : { lab: lab.value }),
      ...(request.event === undefined ? {} : { event: request.event }),
      ...(request.priority === undefined ? {} : { priority: request.priority }),
      ...(request.id === undefined ? {} : { id: request.id }),
      ...(request.correlationId === undefined ? {} : { correlationId: request.correlationId }),
    });
  }
}
