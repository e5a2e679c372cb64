import { refuse, valueOf } from "./fault";
import { os } from "./implementer";
import { masked, maskedPage } from "./masking";
import { breakpointsOf, jsonOf, parametersOf, storedValueOf } from "./inputs";
import type { Rooms } from "./rooms";
import { engineSentence, launchSentence } from "./sentences";
import { ticks } from "./ticks";
import { needOpen } from "./vault";

/** Starting, following and looking into executions. */
export function executionsApi(rooms: Rooms) {
  const { engine, launch, executions, examples, values, masks, executionsChanged } = rooms;
  const api = os.executions;
  const known = async (id: string) =>
    (await executions.row(id)) ?? refuse(engineSentence({ kind: "unknown-execution", id }));
  return {
    list: api.list.handler(({ input }) => executions.list(input)),
    changes: api.changes.handler(({ signal }) => ticks(executionsChanged, signal)),
    get: api.get.handler(({ input }) => known(input.id)),
    start: api.start.handler(async ({ input }) => {
      needOpen(rooms);
      const { workflowId, text, format, debug } = input;
      const started = await launch.start({
        workflowId,
        ...(text === undefined ? {} : { text, format }),
        input: jsonOf(input.input),
        parameters: parametersOf(input.parameters),
        debug,
        breakpoints: breakpointsOf(input.breakpoints),
        pauseAtStart: input.pauseAtStart,
        ...(input.environment === undefined ? {} : { environment: input.environment }),
        ...(input.priority === undefined ? {} : { priority: input.priority }),
        ...(input.seed === undefined ? {} : { seed: input.seed }),
        ...labOf(input),
      });
      return valueOf(started, launchSentence);
    }),
    lastInput: api.lastInput.handler(({ input }) => {
      const used = executions.lastInputs(input.workflowId);
      const sample = used.length === 0 ? examples.sampleInput(input.workflowId) : undefined;
      return sample === undefined ? [...used] : [{ input: sample, parameters: {} }];
    }),
    again: api.again.handler(async ({ input }) => {
      needOpen(rooms);
      return valueOf(await launch.again(input.id, parametersOf(input.parameters), input.debug), launchSentence);
    }),
    follow: api.follow.handler(async ({ input, signal }) => {
      await known(input.id);
      return masked(until(engine.follow(input.id, input.from), signal), await masks.of(input.id));
    }),
    value: api.value.handler(async ({ input }) => {
      const value = storedValueOf(input.value);
      const page = await values.page(input.executionId, value, input.path, input.from, input.limit);
      if (page !== undefined) return maskedPage(page, value, input.path, await masks.of(input.executionId));
      return refuse({ code: "NOT_FOUND", what: "There is no value at that place.", where: input.path.join(".") });
    }),
    raw: api.raw.handler(async ({ input }) => {
      const masker = await masks.of(input.executionId);
      const hidden = [...masker.fields];
      const raw = await values.raw(input.executionId, storedValueOf(input.value), input.maxBytes, hidden);
      return { ...raw, text: masker.text(raw.text) };
    }),
    cancel: api.cancel.handler(({ input }) => {
      needOpen(rooms);
      return valueOf(engine.cancel(input.id, "Stopped by the user."), engineSentence);
    }),
    delete: api.delete.handler(({ input }) => ({ deleted: executions.delete(input.ids) })),
    restore: api.restore.handler(({ input }) => {
      executions.restore(input.ids);
      return null;
    }),
  };
}

/** `items` until the window that asked for them is gone. */
async function* until<T>(items: AsyncIterableIterator<T>, signal: AbortSignal | undefined): AsyncIterableIterator<T> {
  const stop = (): void => void items.return?.();
  signal?.addEventListener("abort", stop);
  try {
    yield* items;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** The laboratory a start asks for; none when it asks for nothing. */
function labOf({
  faults,
  virtualTime,
  seed,
}: {
  readonly faults?: string | undefined;
  readonly virtualTime: boolean;
  readonly seed?: string | undefined;
}) {
  const said = faults === undefined || faults.trim() === "" ? undefined : faults;
  if (said === undefined && !virtualTime) return {};
  return {
    lab: {
      virtualTime,
      ...(said === undefined ? {} : { faults: said }),
      ...(seed === undefined ? {} : { seed }),
    },
  };
}
