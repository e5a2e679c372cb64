import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { hostProcess } from "./host-process";
import { bench, freshFolder, workflow } from "./running";

const asked: string[] = [];
/** Answers a request for `/undo`; absent while nobody waits for one. */
let answer: (() => void) | undefined;
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/undo") answer = () => response.end("{}");
    else response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const post = (id: string): Workflow["components"][number] => ({
  id,
  type: "http_request",
  config: { method: "POST", url: `${base}/${id}`, timeout: 600 },
});

/** Books, then waits for what never comes; its undoing takes until the test answers. */
const book = (): Workflow =>
  workflow([post("book"), { id: "rest", type: "wait", config: { event: "never" } }], {
    id: "book_room",
    compensation: { book: { component: "http_request", config: { ...post("undo").config } } },
  });

const calling = (more: object): Workflow =>
  workflow([
    { id: "call", type: "workflow_call", config: { workflow_id: "book_room", timeout: 1 }, ...more },
    post("follow"),
  ]);

const forget = (): void => void (answer = undefined);
const begin = (): void => {
  asked.length = 0;
  forget();
};
const finish = (): void => answer?.();
const undone = (): Promise<void> => vi.waitFor(() => expect(answer).toBeDefined(), { timeout: 60_000 });

it.each([
  ["a strategy", { error_handling: { on_failure: "continue_to_fallback" } }],
  [
    "the time of all attempts",
    { resource_limits: { timeout_seconds: 1 }, error_handling: { on_failure: "log_and_continue" } },
  ],
])("what follows a tolerated call waits until what it called has undone itself: %s", async (_name, more) => {
  begin();
  const { engine, start } = bench({ definitions: [book()] });
  const id = start(calling(more));
  await undone();
  expect(asked).toEqual(["/book", "/undo"]);
  finish();
  expect((await engine.settled(id)).status).toBe("completed_with_warnings");
  expect(asked).toEqual(["/book", "/undo", "/follow"]);
});

it("waits for it in the next host too", async () => {
  begin();
  const folder = freshFolder();
  const tolerant = calling({ error_handling: { on_failure: "continue_to_fallback" } });
  const host = await hostProcess({ folder, workflow: tolerant, parameters: {}, hosts: {}, others: [book()] });
  await undone();
  await host.kill();
  forget();
  const next = bench({ folder, definitions: [book()] });
  await next.engine.resumeUnfinished();
  await undone();
  expect(asked).toEqual(["/book", "/undo", "/undo"]);
  finish();
  expect((await next.engine.settled(host.id)).status).toBe("completed_with_warnings");
  expect(asked).toEqual(["/book", "/undo", "/undo", "/follow"]);
});

it("a failure that stops the execution waits for nobody", async () => {
  begin();
  const { engine, start, journal } = bench({ definitions: [book()] });
  const id = start(calling({}));
  await undone();
  expect((await journal(id)).map(({ event }) => event.kind)).not.toContain("attempt-failed");
  finish();
  expect((await engine.settled(id)).status).toBe("failed");
  expect(asked).toEqual(["/book", "/undo"]);
});
