import { expect, it } from "vitest";
import type { TriggersRoom } from "../../src-main/triggers/room";
import { closed, freshFolder, hostOn, on, outputsOf, store, until } from "./kit";

const PLAIN = { debug: false, breakpoints: [] };

it("the guide's event trigger starts its workflow for the events it means", async () => {
  const host = hostOn(freshFolder());
  store(
    host,
    "welcome_employee",
    "  - type: apg_event\n    event_pattern: user.created\n    filter:\n      source: user_management\n      attributes:\n        user_type: employee",
    "execution_context:\n  inherit_event_context: true\n  propagate_correlation_id: true\n  maintain_audit_trail: true\n",
  );
  await host.begin();
  await on(host, "welcome_employee");
  const employee = { source: "user_management", attributes: { user_type: "employee", name: "Wanjiru" } };
  const guest = { source: "user_management", attributes: { user_type: "guest" } };
  expect(await host.rooms.triggers.emit("user.created", guest)).toMatchObject({ started: 0, isHeard: true });
  expect(await host.rooms.triggers.emit("user.deleted", employee)).toMatchObject({ started: 0 });
  expect(await host.rooms.triggers.emit("user.created", { ...employee, correlation_id: "corr-7" })).toMatchObject({
    started: 1,
  });
  const [output] = await outputsOf(host, "welcome_employee", 1);
  expect(output?.event).toMatchObject({ type: "user.created", ...employee });
  expect(output?.input).toMatchObject(employee);
  const { rows } = await host.rooms.executions.list({ workflowId: "welcome_employee", from: 0, limit: 1 });
  const [first] = await host.store.reader.journal(rows[0]?.id ?? "", 1, 1);
  expect(first?.event).toMatchObject({ kind: "execution-started", correlationId: "corr-7" });
});

it("a filter compares, and is CEL where it is a text", async () => {
  const host = hostOn(freshFolder());
  store(
    host,
    "large",
    "  - {type: apg_event, event_pattern: order.*, filter: {amount: {gte: 100}, kind: {in: [a, b]}}}",
  );
  store(
    host,
    "cel",
    '  - {type: apg_event, event_pattern: "*", filter: "event.amount > 100.0 && event.type != \'x.y\'"}',
  );
  await host.begin();
  await on(host, "large");
  await on(host, "cel");
  const started = async (type: string, payload: object): Promise<number> =>
    (await host.rooms.triggers.emit(type, payload as never)).started;
  expect(await started("order.paid", { amount: 100, kind: "b" })).toBe(1);
  expect(await started("order.paid", { amount: 150, kind: "a" })).toBe(2);
  expect(await started("order.paid", { amount: "much", kind: "a" })).toBe(0);
  expect(await started("order.paid", {})).toBe(0);
  expect(host.rooms.triggers.list("cel")[0]?.last?.message).toContain("The event order.paid was passed over");
});

it("executions emit events, once for each component", async () => {
  const host = hostOn(freshFolder());
  store(host, "listens", "  - {type: apg_event, event_pattern: order.paid}");
  host.rooms.library.create(
    'id: pays\nversion: 1.0.0\ncomponents:\n  - {id: tell, type: emit_event, config: {event: order.paid, payload: {id: "{{ input_data.id }}"}}}\noutputs: "{{ tell.output }}"\n',
    "yaml",
    "workspace",
  );
  await host.begin();
  await on(host, "listens");
  const launched = await host.rooms.launch.start({
    workflowId: "pays",
    input: { id: 5 },
    parameters: {},
    debug: false,
    breakpoints: [],
  });
  if (!launched.ok) throw new Error(JSON.stringify(launched.problem));
  const ended = await host.engine.settled(launched.value.id);
  expect(await host.engine.read(ended.id, ended.output)).toMatchObject({ started: 1, woken: 0 });
  const [heard] = await outputsOf(host, "listens", 1);
  expect(heard?.event).toMatchObject({ type: "order.paid", id: 5, time: expect.any(String) });
  expect(heard?.input).toEqual({ id: 5 });
});

it("the end of an execution is an event; a workflow never starts itself by ending", async () => {
  const host = hostOn(freshFolder());
  store(host, "first", "  - {type: manual}");
  store(host, "follows", '  - {type: apg_event, event_pattern: "execution.*"}');
  await host.begin();
  await on(host, "follows");
  const fired = await host.rooms.triggers.fire("first", 0, { by: "hand" });
  if (!fired.ok) throw new Error(JSON.stringify(fired.problem));
  const [output] = await outputsOf(host, "follows", 1);
  expect(output?.event).toMatchObject({
    type: "execution.completed",
    workflow_id: "first",
    execution_id: fired.value.executionId,
    status: "completed",
  });
  expect(await outputsOf(host, "first", 1)).toMatchObject([
    { event: { type: "manual", by: "hand" }, input: { by: "hand" } },
  ]);
});

it("workflows that start one another by events come to an end", async () => {
  const host = hostOn(freshFolder());
  host.rooms.library.create(
    "id: again\nversion: 1.0.0\ntriggers: [{type: apg_event, event_pattern: tick}]\ncomponents:\n  - {id: tell, type: emit_event, config: {event: tick, payload: 1}}\noutputs: 1\n",
    "yaml",
    "workspace",
  );
  await host.begin();
  await on(host, "again");
  await host.rooms.triggers.emit("tick", null);
  await until(() => host.rooms.triggers.list("again")[0]?.last?.outcome === "refused", "the end of the chain");
  expect(await outputsOf(host, "again", 20)).toHaveLength(20);
});

it("an event that comes while no host runs is kept for the next", async () => {
  const folder = freshFolder();
  const first = hostOn(folder);
  store(first, "listens", "  - {type: apg_event, event_pattern: order.paid}");
  await on(first, "listens");
  expect(await first.rooms.triggers.emit("order.paid", { id: 1 })).toMatchObject({ started: 0, isHeard: false });
  await closed(first);
  const second = hostOn(folder);
  await second.begin();
  expect((await outputsOf(second, "listens", 1))[0]?.input).toEqual({ id: 1 });
});

it("an execution that ends while its host closes is an event for the next host", async () => {
  const folder = freshFolder();
  const first = hostOn(folder);
  store(first, "ends", "  - {type: manual}");
  store(first, "follows", '  - {type: apg_event, event_pattern: "execution.*"}');
  await first.begin();
  await on(first, "follows");
  await (first.rooms.triggers as TriggersRoom).close();
  const launched = await first.rooms.launch.start({ workflowId: "ends", input: null, parameters: {}, ...PLAIN });
  if (!launched.ok) throw new Error(JSON.stringify(launched.problem));
  await first.engine.settled(launched.value.id);
  await closed(first);
  const second = hostOn(folder);
  await second.begin();
  expect((await outputsOf(second, "follows", 1))[0]?.event).toMatchObject({ execution_id: launched.value.id });
});

it("a command's event and a command's firing reach the host that fires", async () => {
  const folder = freshFolder();
  const studio = hostOn(folder);
  store(studio, "listens", "  - {type: apg_event, event_pattern: order.paid}");
  await studio.begin();
  await on(studio, "listens");
  const command = hostOn(folder);
  expect(await command.rooms.triggers.emit("order.paid", { id: 1 })).toMatchObject({ started: 1, isHeard: true });
  const fired = await command.rooms.triggers.fire("listens", 0, { id: 2 });
  expect(fired).toMatchObject({ ok: true, value: { queued: false } });
  const outputs = await outputsOf(studio, "listens", 2);
  expect(outputs.map(({ input }) => input)).toEqual([{ id: 1 }, { id: 2 }]);
  await closed(studio);
  expect(await command.rooms.triggers.fire("listens", 0, null)).toMatchObject({ ok: false });
});

it("a workflow with triggers that a person starts takes the input for the event", async () => {
  const host = hostOn(freshFolder());
  store(host, "listens", "  - {type: apg_event, event_pattern: order.paid}");
  const begin = { workflowId: "listens", parameters: {}, debug: false, breakpoints: [] };
  const launched = await host.rooms.launch.start({ ...begin, input: { order_id: 7 } });
  expect(launched.ok).toBe(true);
  expect((await outputsOf(host, "listens", 1))[0]?.event).toEqual({ type: "manual", order_id: 7 });
});

const emitting = (config: string, more = ""): string =>
  `id: emits\nversion: 1.0.0\n${more}components:\n  - {id: tell, type: emit_event, config: ${config}}\noutputs: "{{ tell.output }}"\n`;

it.each([
  [
    "{event: execution.completed}",
    "Events that begin with execution. are posted by the studio alone, when executions end.",
  ],
  ['{event: "two words"}', "An event's type is a text of up to 200 characters without spaces, e.g. order.paid."],
  [
    '{event: order.paid, payload: {card: "{{ card }}"}}',
    "The payload holds a sensitive value, which every listener would see.",
  ],
])("emit_event refuses %s", async (config, message) => {
  const host = hostOn(freshFolder());
  host.rooms.library.create(
    emitting(config, "parameters: {card: {type: string, sensitive: true}}\n"),
    "yaml",
    "workspace",
  );
  const begin = { workflowId: "emits", input: null, debug: false, breakpoints: [] };
  const launched = await host.rooms.launch.start({ ...begin, parameters: { card: "4111 1111 1111 1111" } });
  if (!launched.ok) throw new Error(JSON.stringify(launched.problem));
  expect((await host.engine.settled(launched.value.id)).error).toMatchObject({ type: "validation_error", message });
});

it("an event wakes what waits for it, and a component without a payload says its input", async () => {
  const host = hostOn(freshFolder());
  host.rooms.library.create(
    'id: waits\nversion: 1.0.0\ncomponents:\n  - {id: paid, type: wait, config: {event: order.*, filter: "event.id == 5"}}\noutputs: "{{ paid.output }}"\n',
    "yaml",
    "workspace",
  );
  host.rooms.library.create(emitting("{event: order.paid}"), "yaml", "workspace");
  await host.begin();
  const begin = { input: { id: 5, total: 12 }, parameters: {}, debug: false, breakpoints: [] };
  const waiting = await host.rooms.launch.start({ ...begin, workflowId: "waits" });
  if (!waiting.ok) throw new Error(JSON.stringify(waiting.problem));
  await until(() => host.store.waiting.isAwaited("order.paid"), "the wait");
  expect(await host.rooms.triggers.emit("order.paid", { id: 4 })).toMatchObject({ started: 0, woken: 1 });
  const emits = await host.rooms.launch.start({ ...begin, workflowId: "emits" });
  if (!emits.ok) throw new Error(JSON.stringify(emits.problem));
  const told = await host.engine.settled(emits.value.id);
  expect(await host.engine.read(told.id, told.output)).toMatchObject({ woken: 1 });
  const woken = await host.engine.settled(waiting.value.id);
  expect(await host.engine.read(woken.id, woken.output)).toMatchObject({ type: "order.paid", id: 5, total: 12 });
});
