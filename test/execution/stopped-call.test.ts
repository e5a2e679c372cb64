import { expect, test } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { replay } from "@shared/execution/replay";
import { runInMemory } from "../golden/memory-driver";

const definition: Workflow = {
  id: "caller",
  components: [{ id: "below", type: "workflow_call", config: { workflow_id: "child" } }],
  compensation: { below: { component: "http_request", config: { body: "{{ output }}" } } },
} as unknown as Workflow;

/** Stopped while the call runs; `undoable`: the child had completed before it heard of it. */
const stopped = (undoable: boolean, kills: readonly number[] = []) =>
  runInMemory({
    definition,
    cancelAfter: 3,
    kills,
    script: () => ({ kind: "completed", output: null, ...(undoable ? { undoable } : {}) }),
  });

test("the entry of a stopped call is left alone when the child undid itself", async () => {
  const { carried, state } = await stopped(false);
  expect(carried).toEqual(["below#1", "below~stopped~undo#1"]);
  expect(state?.undoing?.steps).toMatchObject([{ of: "below", slot: { status: "completed" } }]);
});

test("the entry undoes a call whose child had completed when it was stopped, once", async () => {
  const { carried, state, entries } = await stopped(true);
  expect(carried).toEqual(["below#1", "below~stopped~undo#1", "below~undo#1"]);
  expect(state?.undoing?.steps).toMatchObject([{ path: "below~undo", of: "below", slot: { status: "completed" } }]);
  const replayed = replay(entries);
  expect(replayed.ok && replayed.value.state).toEqual(state);
});

test("a host that takes over between the two goes on with the entry", async () => {
  const whole = await stopped(true);
  for (let kill = 4; kill < whole.entries.length; kill += 1) {
    const { carried, state } = await stopped(true, [kill]);
    expect(carried).toEqual(whole.carried);
    expect(state?.undoing?.steps).toMatchObject([{ path: "below~undo", slot: { status: "completed" } }]);
  }
});
