import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { FakeClock } from "./fake-clock";
import { bench, workflow } from "./running";

it("what a later attempt waits for a slot is not of its component's time", async () => {
  const held: ServerResponse[] = [];
  let tries = 0;
  const server = createServer((request, response) => {
    if (request.url === "/other") return void held.push(response);
    tries += 1;
    response.writeHead(tries === 1 ? 503 : 200).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = new FakeClock();
  const { engine, start } = bench({ clock, concurrency: 1 });
  const definition = workflow(
    [
      {
        id: "limited",
        type: "http_request",
        config: { url: `${url}/limited` },
        retry_policy: { max_attempts: 2, initial_delay_ms: 1000, jitter: false },
        resource_limits: { timeout_seconds: 5 },
      },
      { id: "other", type: "http_request", config: { url: `${url}/other` } },
    ] as Workflow["components"],
    { connections: [] },
  );
  const id = start(definition);
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
  };
  await until(() => held.length === 1 && engine.nextDue() === clock.now() + 1000);
  // The retry is due and finds the only slot taken, for far longer than the component may take.
  clock.pass(1000);
  await until(() => engine.nextDue() === undefined);
  clock.pass(60_000);
  held[0]?.end("{}");
  expect(await engine.settled(id)).toMatchObject({ status: "completed" });
  expect(tries).toBe(2);
  server.close();
});
