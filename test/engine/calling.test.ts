import { expect, it } from "vitest";
import type { Entry } from "@shared/execution/event";
import type { Workflow } from "@shared/workflow/workflow";
import { definitionsOf } from "../../src-main/compose/definitions";
import { Library } from "../../src-main/library/library";
import { startSampleApi } from "../../src-main/sample-api/server";
import { bench, story, workflow } from "./running";

const child = (version: string): string =>
  `id: shipping\nversion: ${version}\ncomponents:\n  - {id: send, type: end, config: {output: "{{ input_data.order }}"}}\n`;

it.each([
  ["^1.2.0", true],
  ["1.4.0", true],
  [">=1 <2", true],
  ["*", true],
  ["^2.0.0", false],
  ["~1.3.0", false],
  ["no range", false],
])("a workflow_call of version %s finds 1.4.0: %s", async (version, isFound) => {
  const host = bench();
  const library = new Library(host.store.workflows);
  library.create(child("1.4.0"), "yaml", "import");
  const ended = await host.run(
    workflow([{ id: "ship", type: "workflow_call", config: { workflow_id: "shipping", version } }]),
    { definitions: definitionsOf(library), input: { order: 7 } },
  );
  if (isFound) expect(ended).toMatchObject({ status: "completed", json: 7 });
  else {
    expect(ended).toMatchObject({ status: "failed", error: { type: "not_found", component: "ship" } });
    expect(ended.error?.message).toContain(`shipping of version ${version}`);
  }
});

it.each([
  ["config.timeout", { timeout: 0.2 }, {}],
  ["error_handling.timeout", {}, { timeout: 0.2 }],
])("a call whose %s is up fails, and what it called undoes itself", async (_name, config, handling) => {
  const nap = workflow(
    [
      { id: "book", type: "code", config: { source: "return 'booked'" } },
      { id: "rest", type: "wait", config: { duration: "1h" } },
    ],
    { id: "nap", compensation: { book: { action: "cancel", component: "log", config: { message: "gone" } } } },
  );
  const host = bench({ definitions: [nap] });
  const id = host.start(
    workflow([
      { id: "sleep", type: "workflow_call", config: { workflow_id: "nap", ...config }, error_handling: handling },
    ]),
  );
  expect(await host.engine.settled(id)).toMatchObject({
    status: "failed",
    error: { type: "timeout", component: "sleep" },
  });
  const [called] = childrenIn(await host.journal(id));
  expect(story(await host.journal(called!))).toContain("attempt-completed book~undo");
  expect(host.store.executions.head(called!)?.settlement?.status).toBe("cancelled");
});

it("each attempt of a call has its time, and the next one begins when what the last one called is undone", async () => {
  const api = await startSampleApi();
  const nap = workflow(
    [
      { id: "book", type: "code", config: { source: "return 'booked'" } },
      { id: "rest", type: "wait", config: { duration: "1h" } },
    ],
    {
      id: "nap",
      compensation: { book: { component: "http_request", config: { url: "http://sample.apg.test/slow?ms=150" } } },
    },
  );
  const host = bench({ definitions: [nap] });
  const ended = await host.run(
    workflow([
      {
        id: "sleep",
        type: "workflow_call",
        config: { workflow_id: "nap", timeout: 0.3 },
        retry_policy: { max_attempts: 2, initial_delay_ms: 1, jitter: false },
        error_handling: { on_failure: "continue_to_fallback" },
      },
      { id: "after", type: "end", config: { output: { type: "{{ sleep.error.type }}", n: "{{ sleep.attempts }}" } } },
    ]),
    { hosts: { "sample.apg.test": api.url } },
  );
  expect(ended.json).toEqual({ type: "timeout", n: 2 });
  const entries = await host.journal(ended.id);
  const [first, second] = childrenIn(entries) as [string, string];
  await host.engine.settled(second);
  for (const child of [first, second]) {
    expect(story(await host.journal(child))).toContain("attempt-completed book~undo");
    expect(host.store.executions.head(child)?.settlement?.status).toBe("cancelled");
  }
  const again = entries.findLast(({ event }) => event.kind === "attempt-started" && event.path === "sleep")!;
  expect(again.event.at).toBeGreaterThanOrEqual(host.store.executions.head(first)!.settlement!.at);
  await api.close();
});

/** The executions that calls started, in order. */
function childrenIn(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ event }) =>
    event.kind === "attempt-started" && event.childId !== undefined ? [event.childId] : [],
  );
}

it("who is stopped while the next attempt of a call waits begins it no more, and waits until all is undone", async () => {
  const api = await startSampleApi();
  const nap = workflow(
    [
      { id: "book", type: "code", config: { source: "return 'booked'" } },
      { id: "rest", type: "wait", config: { duration: "1h" } },
    ],
    {
      id: "nap",
      compensation: { book: { component: "http_request", config: { url: "http://sample.apg.test/slow?ms=600" } } },
    },
  );
  const host = bench({ definitions: [nap] });
  const id = host.start(
    workflow([
      {
        id: "sleep",
        type: "workflow_call",
        config: { workflow_id: "nap", timeout: 0.3 },
        retry_policy: { max_attempts: 2, initial_delay_ms: 1, jitter: false },
      },
    ]),
    { hosts: { "sample.apg.test": api.url } },
  );
  const timers = async (): Promise<number> =>
    story(await host.journal(id)).filter((line) => line === "timer-fired sleep").length;
  // The time of the attempt, then the pause: the next one is due and waits.
  await expect.poll(timers).toBe(2);
  host.engine.cancel(id);
  expect((await host.engine.settled(id)).status).toBe("cancelled");
  const [first, ...others] = childrenIn(await host.journal(id));
  expect(others).toEqual([]);
  expect(story(await host.journal(first!)).at(-1)).toBe("execution-settled");
  expect(story(await host.journal(first!))).toContain("attempt-completed book~undo");
  await api.close();
});

it("a call that is stopped in the turn in which it began starts nothing", async () => {
  const nap = workflow([{ id: "rest", type: "wait", config: { duration: "1h" } }], { id: "nap" });
  const host = bench({ definitions: [nap], grouping: false });
  const ended = await host.run(
    workflow([
      {
        id: "both",
        type: "parallel",
        error_handling: { on_failure: "log_and_continue" },
        config: {
          branches: [
            { id: "one", components: [{ id: "sleep", type: "workflow_call", config: { workflow_id: "nap" } }] },
            {
              id: "other",
              components: [
                { id: "left_out", type: "log", condition: "false" },
                { id: "broken", type: "log", config: { message: "{{ parameters.nothing }}" } },
              ],
            },
          ],
        },
      },
      { id: "then", type: "wait", config: { duration: "100ms" } },
    ] as Workflow["components"]),
  );
  expect(ended.status).toBe("completed_with_warnings");
  const [child] = childrenIn(await host.journal(ended.id));
  expect(child).toBeDefined();
  expect(host.store.executions.head(child!)).toBeUndefined();
});
