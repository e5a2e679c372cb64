import type { Json } from "@shared/base/json";
import { fail, ok, type Result } from "@shared/base/result";
import type { Settings } from "@shared/contract/host";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { ExecutionStarted } from "@shared/execution/event";
import type { Finding } from "@shared/workflow/finding";
import type { Workflow } from "@shared/workflow/workflow";
import type { Answer, Engine, EngineProblem, StartRequest } from "../engine/engine";
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
  /** Of chance in expressions and backoff; another each time unless said. */
  readonly seed?: string;
  /** What is to go wrong on purpose, and whether waits pass at once. */
  readonly lab?: LabRequest;
}

/** Many starts of one workflow in one laboratory, as a window asks for them. */
export interface LayoutRequest extends Pick<LaunchRequest, "workflowId" | "text" | "format" | "environment"> {
  readonly lab: LabRequest;
}

/** What those starts have in common, and the way to make one. */
export interface Layout {
  readonly workflow: Workflow;
  readonly env: Settings["env"];
  readonly lab: Laboratory;
  start(
    given: Pick<StartRequest, "id" | "event" | "input" | "parameters" | "correlationId" | "priority">,
  ): Promise<Answer<{ readonly id: string }>>;
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
    const read = this.read(request);
    return read.ok ? this.run(read.value.workflow, read.value.text, request, request.workflowId) : read;
  }

  /** Lays out a workflow for many starts in a laboratory of their own. */
  async layOut(request: LayoutRequest): Promise<Result<Layout, LaunchProblem>> {
    const read = this.read(request);
    if (!read.ok) return read;
    const { workflow, text } = read.value;
    const common = await this.common(workflow, text, request, request.workflowId);
    if (!common.ok) return common;
    const lab = this.ports.openLab(request.lab);
    if (!lab.ok) return lab;
    const { seed } = request.lab;
    let started = 0;
    return ok({
      workflow,
      env: common.value.env,
      lab: lab.value,
      start: (given) =>
        this.ports.engine.begin({
          ...common.value,
          ...given,
          lab: lab.value,
          ...(seed === undefined ? {} : { seed: `${seed}#${(started += 1)}` }),
        }),
    });
  }

  private read({
    workflowId,
    text,
    format,
  }: Pick<LaunchRequest, "workflowId" | "text" | "format">): Result<
    { readonly workflow: Workflow; readonly text: string },
    LaunchProblem
  > {
    const stored = this.ports.library.get(workflowId);
    const said = text ?? stored?.text;
    if (said === undefined) return fail({ kind: "unknown-workflow", id: workflowId });
    const ids = this.ports.library.list().map((row) => row.id);
    const { workflow, errors } = errorsOf(said, format ?? stored?.format ?? "yaml", ids);
    if (workflow === undefined || errors.length > 0) return fail({ kind: "has-errors", findings: errors });
    return ok({ workflow, text: said });
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
    const common = await this.common(definition, text, request, workflowId);
    if (!common.ok) return common;
    const lab = request.lab === undefined ? undefined : this.ports.openLab(request.lab);
    if (lab?.ok === false) return lab;
    return this.ports.engine.begin({
      ...common.value,
      input: request.input,
      parameters: request.parameters,
      debug: request.debug,
      breakpoints: request.breakpoints,
      ...(request.pauseAtStart === undefined ? {} : { pauseAtStart: request.pauseAtStart }),
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      ...(lab === undefined ? {} : { lab: lab.value }),
      ...(request.event === undefined ? {} : { event: request.event }),
      ...(request.priority === undefined ? {} : { priority: request.priority }),
      ...(request.id === undefined ? {} : { id: request.id }),
      ...(request.correlationId === undefined ? {} : { correlationId: request.correlationId }),
    });
  }

  /** What every start of a definition here has in common. */
  private async common(
    definition: Workflow,
    text: string | undefined,
    request: Pick<LaunchRequest, "environment">,
    workflowId: string,
  ): Promise<Result<Omit<StartRequest, "input" | "parameters"> & Pick<Layout, "env">, EnvironmentProblem>> {
    const { files, settings, library, sampleHosts } = this.ports;
    const { hosts, env, allowedFolders, trusted } = settings();
    const environment = this.ports.environment(request.environment);
    if (!environment.ok) return environment;
    const folder = library.folderOf(workflowId) ?? files;
    return ok({
      definition,
      ...(text === undefined ? {} : { definitionText: text }),
      env: { ...env, ...environment.value.env },
      environment: environment.value.name,
      folder,
      allowed: [folder, files, ...allowedFolders],
      hosts: { ...(await sampleHosts(text ?? JSON.stringify(definition))), ...hosts },
      trusted,
    });
  }
}
