import type { Json } from "@shared/base/json";
import { fail, ok } from "@shared/base/result";
import { launchSentence } from "../api/sentences";
import type { Engine } from "../engine/engine";
import { executionId, machineClock } from "../engine/identity";
import type { Clock } from "../engine/ports";
import type { Launch } from "../library/launch";
import type { Library } from "../library/library";
import type { WorkspaceSettings } from "../library/settings";
import type { Store } from "../store/store";
import { TriggersRoom } from "../triggers/room";

/** The rooms that triggers work with. */
export interface TriggersOver {
  readonly store: Store;
  readonly library: Library;
  readonly engine: Engine;
  readonly launch: Launch;
  readonly settings: WorkspaceSettings;
  readonly env: () => { readonly [name: string]: string };
  readonly clock?: Clock | undefined;
}

/** The triggers of a workspace. They fire once the room has begun. */
export function triggersOver({
  store,
  library,
  engine,
  launch,
  settings,
  env,
  clock = machineClock,
}: TriggersOver): TriggersRoom {
  return new TriggersRoom({
    clock,
    triggers: store.triggers,
    firings: store.firings,
    events: store.events,
    lease: store.lease,
    workflow: (id) => {
      const found = library.get(id);
      return found && { text: found.text, format: found.format, folder: library.folderOf(id) ?? store.files };
    },
    allowedFolders: () => [store.files, ...settings.get().allowedFolders],
    newId: () => executionId(clock),
    start: async (request) => {
      const started = await launch.start({ ...request, debug: false, breakpoints: [] });
      if (started.ok) return ok({ queued: store.executions.head(started.value.id)?.status === "queued" });
      const { what, where } = launchSentence(started.problem);
      const outcome = started.problem.kind === "overlap-skipped" ? "skipped" : "refused";
      return fail({ outcome, message: where === undefined ? what : `${where}: ${what}` });
    },
    exists: (id) => store.executions.head(id) !== undefined,
    cancel: (id, reason, mode) => void engine.cancel(id, reason, mode),
    settled: async (id) => {
      const { status, output, error } = await engine.settled(id);
      return { status, output: await engine.read(id, output), ...(error === undefined ? {} : { error }) };
    },
    deliver: (type, event) => engine.deliver(type, event),
    isAwaited: (type) => store.waiting.isAwaited(type),
    isVaultOpen: () => store.lock.isOpen,
    secret: (name) => {
      const found = store.secrets.open(name);
      return typeof found === "object" ? found.value : undefined;
    },
    env,
    webhookPort: {
      get: () => settings.get().webhookPort,
      set: (webhookPort) => void settings.set({ webhookPort }),
    },
    onChange: (listener) =>
      store.changes.listen((change) => {
        if (change === "library") listener("workflows");
        else if (change === "executions" || change === "outside") listener(change);
      }),
    trouble: (error) => console.error("triggers:", error),
  });
}

/** What the event of an execution's end says. */
export function aboutEnd(store: Store, executionId: string, status: string): Json {
  const head = store.executions.head(executionId);
  if (head === undefined) return { execution_id: executionId, status };
  const error = head.settlement?.error;
  return {
    execution_id: executionId,
    workflow_id: head.workflowId,
    workflow_name: head.workflowName,
    workflow_version: head.workflowVersion,
    status,
    started_at: new Date(head.startedAt).toISOString(),
    ...(head.parent === undefined ? {} : { parent_execution_id: head.parent.executionId }),
    ...(error === undefined ? {} : { error: { type: error.type, message: error.message } }),
  };
}
