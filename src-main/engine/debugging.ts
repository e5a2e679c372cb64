import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Json } from "@shared/base/json";
import { fail, ok } from "@shared/base/result";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { GateCommand } from "@shared/debug/gate";
import { editHeld } from "./editing";
import type { Answer } from "./engine";
import type { ExecutionsPort } from "./ports";
import { absent } from "./reading";
import type { Session } from "./session";

/** Debug commands for the executions of this host. */
export class Debugging {
  constructor(
    private readonly sessions: ReadonlyMap<ExecutionId, Session>,
    private readonly executions: ExecutionsPort,
    private readonly isLive: (id: ExecutionId) => boolean,
  ) {}

  setBreakpoints(workflowId: string, breakpoints: readonly Breakpoint[]): void {
    this.executions.saveBreakpoints(workflowId, breakpoints);
    for (const session of this.sessions.values()) {
      const { gate, head } = session.parts;
      if (gate !== undefined && head.workflowId === workflowId) gate.breakpoints = breakpoints;
    }
  }

  command(id: ExecutionId, command: GateCommand): Answer {
    const session = this.debugged(id);
    if (!session.ok) return session;
    session.value.command(command);
    return ok(null);
  }

  stepOver(id: ExecutionId, path?: ComponentPath): Answer {
    const gate = this.sessions.get(id)?.parts.gate;
    if (gate !== undefined && path !== undefined && !gate.isHeld(path)) return fail({ kind: "not-held", id, path });
    return this.command(id, { kind: "step-over", ...(path === undefined ? {} : { path }) });
  }

  edit(id: ExecutionId, path: ComponentPath, change: { readonly input?: Json; readonly config?: Json }): Answer {
    const found = this.debugged(id);
    if (!found.ok) return found;
    if (found.value.parts.gate?.isHeld(path) !== true) return fail({ kind: "not-held", id, path });
    editHeld(found.value, path, change);
    return ok(null);
  }

  private debugged(id: ExecutionId): Answer<Session> {
    const session = this.sessions.get(id);
    if (session?.parts.gate !== undefined) return ok(session);
    // What has left memory is not debugged: what is stays.
    if (session !== undefined || this.isLive(id)) return fail({ kind: "not-debugged", id });
    return absent(this.executions, id);
  }
}
