import { expect, it, vi } from "vitest";
import { json, TestServer } from "../worker/http-server";
import { FakeClock } from "./fake-clock";
import { type Bench, bench, freshFolder, story, workflow } from "./running";

const MINUTE = 60_000;

const call = (url: string, more: object = {}) =>
  workflow([
    {
      id: "call",
      type: "http_request",
      config: { url },
      retry_policy: { max_attempts: 3, initial_delay_ms: 10, jitter: false, ...more },
    },
  ]);

/** A server that is asked to come back later once, and then answers. */
const busyOnce = (retryAfter: string): Promise<TestServer> => {
  let asked = 0;
  return TestServer.start((_, response) => {
    asked += 1;
    if (asked > 1) return json(response, { fine: true });
    response.writeHead(429, { "retry-after": retryAfter }).end();
  });
};

const parked = (host: Bench): Promise<void> =>
  vi.waitFor(() => expect(host.engine.info()).toMatchObject({ running: 0, waiting: 1 }), {
    interval: 5,
    timeout: 20_000,
  });

it("Retry-After replaces a shorter delay, and a restart does not shorten it", async () => {
  const server = await busyOnce("120");
  const clock = new FakeClock();
  const folder = freshFolder();
  const first = bench({ folder, clock });
  const id = first.start(call(server.url));
  await parked(first);
  const failedAt = clock.now();
  await first.close();
  clock.pass(MINUTE);

  const second = bench({ folder, clock });
  expect(await second.engine.resumeUnfinished()).toEqual([id]);
  expect(second.engine.nextDue()).toBe(failedAt + 2 * MINUTE);
  const end = second.engine.settled(id);
  clock.pass(MINUTE - 1);
  expect(second.engine.info()).toMatchObject({ running: 0, waiting: 1 });
  expect(server.got).toHaveLength(1);
  clock.pass(1);
  expect((await end).status).toBe("completed");
  expect(server.got).toHaveLength(2);
  const keys = server.got.map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toEqual(expect.any(String));
  expect(keys[1]).toBe(keys[0]);
  const told = story(await second.journal(id));
  expect(told.filter((line) => line === "attempt-started call")).toHaveLength(2);
  await server.close();
});

it("Retry-After counts up to an hour, and not where the delay is longer", async () => {
  const server = await busyOnce("86400");
  const host = bench({ clock: new FakeClock() });
  host.start(call(server.url));
  await parked(host);
  expect(host.engine.nextDue()).toBe(new FakeClock().now() + 60 * MINUTE);
  await server.close();

  const soon = await busyOnce("1");
  const other = bench({ clock: new FakeClock() });
  other.start(call(soon.url, { initial_delay_ms: 5 * MINUTE, max_delay_ms: 10 * MINUTE }));
  await parked(other);
  expect(other.engine.nextDue()).toBe(new FakeClock().now() + 5 * MINUTE);
  await soon.close();
});
