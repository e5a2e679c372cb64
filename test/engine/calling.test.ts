import { expect, it } from "vitest";
import { definitionsOf } from "../../src-main/compose/definitions";
import { Library } from "../../src-main/library/library";
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
  const [called] = (await host.journal(id)).flatMap(({ event }) =>
    event.kind === "attempt-started" && event.childId !== undefined ? [event.childId] : [],
  );
  expect(story(await host.journal(called!))).toContain("attempt-completed book~undo");
  expect(host.store.executions.head(called!)?.settlement?.status).toBe("cancelled");
});
