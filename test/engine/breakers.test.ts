import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { bench, type Bench, freshFolder, workflow } from "./running";

let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const RULE = { failure_threshold: 2, minimum_request_threshold: 2, recovery_timeout: 3600, half_open_max_calls: 1 };

/** A workflow that calls what `url` says, behind a breaker. */
function guarded(url: string, breaker: object = RULE, id = "guarded"): Workflow {
  return workflow(
    [
      {
        id: "call",
        type: "http_request",
        config: { url, circuit_breaker: breaker as Workflow["metadata"] & object },
        error_handling: { on_failure: "continue_to_fallback" },
      },
    ] as Workflow["components"],
    { id, outputs: { type: "{{ call.error }}" } },
  );
}

async function errorOf({ run }: Bench, definition: Workflow): Promise<string | null> {
  const ended = await run(definition, { hosts: { "sample.apg.test": api.url } });
  return (ended.json as { readonly type: { readonly type: string } | null }).type?.type ?? null;
}

const failing = (id?: string, more: object = {}): Workflow =>
  guarded("http://sample.apg.test/status/500", { ...RULE, ...more }, id);

describe("a circuit breaker", () => {
  it("is shared by the workspace's executions, survives a restart and is reset by hand", async () => {
    const folder = freshFolder();
    const first = bench({ folder });
    expect(await errorOf(first, failing())).toBe("server_error");
    expect(await errorOf(first, failing())).toBe("server_error");
    expect(await errorOf(first, failing())).toBe("circuit_open");
    await first.close();

    const second = bench({ folder });
    expect(await errorOf(second, failing())).toBe("circuit_open");
    expect(api.counts().routes["GET /status/500"]?.raw).toBe(2);
    const [row] = second.store.breakers.list(Date.now());
    expect(row).toMatchObject({
      key: "guarded/call",
      workflowId: "guarded",
      component: "call",
      state: "open",
      requests: 2,
      failures: 2,
      threshold: 2,
      lastError: { type: "server_error" },
    });
    expect(row?.retryAt).toBe((row?.openedAt ?? 0) + 3_600_000);

    expect(second.store.breakers.reset("guarded/call")).toBe(true);
    expect(await errorOf(second, failing())).toBe("server_error");
  });

  it("is heeded by another host of the workspace", async () => {
    const folder = freshFolder();
    const [one, other] = [bench({ folder }), bench({ folder })];
    expect(await errorOf(other, failing())).toBe("server_error");
    expect(await errorOf(one, failing())).toBe("server_error");
    // Both counted in one row: the second failure of the workspace opened it, whoever saw it.
    expect(one.store.breakers.list(Date.now())[0]?.state).toBe("open");
    other.store.breakers.refresh();
    expect(await errorOf(other, failing())).toBe("circuit_open");
  });

  it("lets trials through after its rest and closes when they succeed", async () => {
    const host = bench();
    const flaky = guarded("http://sample.apg.test/flaky/one?fails=2", { ...RULE, recovery_timeout: 0 });
    expect(await errorOf(host, flaky)).toBe("server_error");
    expect(await errorOf(host, flaky)).toBe("server_error");
    expect(host.store.breakers.list(Date.now())[0]?.state).toBe("half-open");
    expect(await errorOf(host, flaky)).toBe(null);
    expect(host.store.breakers.list(Date.now())[0]).toMatchObject({ state: "closed", requests: 0, failures: 0 });
  });

  it("lets no more trials through than it may, all hosts together, and takes those of a host that is gone back", async () => {
    const folder = freshFolder();
    const [one, other] = [bench({ folder }), bench({ folder })];
    const rule = { failureThreshold: 1, recoveryMs: 0, halfOpenCalls: 3, minimumRequests: 1, windowMs: 60_000 };
    expect(await errorOf(one, failing("tried", { failure_threshold: 1, minimum_request_threshold: 1 }))).toBe(
      "server_error",
    );
    const admit = ({ store }: Bench): boolean => store.breakers.admit("tried/call", rule, Date.now()).admitted;
    other.store.breakers.refresh();
    expect([admit(one), admit(other), admit(one), admit(other), admit(one)]).toEqual([true, true, true, false, false]);
    one.store.breakers.giveBack("tried/call");
    expect([admit(other), admit(one)]).toEqual([true, false]);
    await other.close();
    expect([admit(one), admit(one), admit(one)]).toEqual([true, true, false]);
  });

  it("has as many calls under way as trials are allowed, whichever host makes them", async () => {
    const folder = freshFolder();
    const [one, other] = [bench({ folder }), bench({ folder })];
    const rule = { ...RULE, recovery_timeout: 0, half_open_max_calls: 2 };
    for (let n = 0; n < 2; n += 1) await errorOf(one, failing("crowd", rule));
    other.store.breakers.refresh();
    // Answers nobody until all that are not let through have been told so.
    const calls: ServerResponse[] = [];
    let refused = 0;
    const answer = (): void => {
      if (refused === 18) for (const call of calls) call.end("{}");
    };
    const server = createServer((_request, response) => {
      calls.push(response);
      answer();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const held = guarded(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, rule, "crowd");
    const errors = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const error = await errorOf(n % 2 === 0 ? one : other, held);
        if (error === "circuit_open") refused += 1;
        answer();
        return error;
      }),
    );
    server.close();
    expect(errors.filter((error) => error === null)).toHaveLength(2);
    expect(calls).toHaveLength(2);
    expect(one.store.breakers.list(Date.now())[0]?.state).toBe("closed");
  });

  it("is one in each environment", async () => {
    const host = bench();
    const given = { hosts: { "sample.apg.test": api.url } };
    for (let n = 0; n < 2; n += 1) await host.run(failing(), { ...given, environment: "test" });
    const ended = await host.run(failing(), { ...given, environment: "test" });
    expect(ended.json).toMatchObject({ type: { type: "circuit_open" } });
    const real = await host.run(failing(), { ...given, environment: "prod" });
    expect(real.json).toMatchObject({ type: { type: "server_error" } });
    const rows = host.store.breakers.list(Date.now());
    expect(rows.map(({ key, environment, state }) => [key, environment, state])).toEqual([
      ["guarded/call@prod", "prod", "closed"],
      ["guarded/call@test", "test", "open"],
    ]);
  });

  it("opens again when a trial fails", async () => {
    const host = bench();
    const always = failing("again", { recovery_timeout: 0 });
    for (let n = 0; n < 3; n += 1) expect(await errorOf(host, always)).toBe("server_error");
    expect(await errorOf(host, failing("again"))).toBe("circuit_open");
  });

  it("is shared by components that name the same key, and has no component then", async () => {
    const host = bench();
    expect(await errorOf(host, failing("one", { key: "billing" }))).toBe("server_error");
    const other = failing("other", { key: "billing" });
    const renamed = { ...other, components: other.components.map((one) => ({ ...one, id: "call_it" })) };
    await host.run({ ...renamed, outputs: {} }, { hosts: { "sample.apg.test": api.url } });
    expect(await errorOf(host, failing("third", { key: "billing" }))).toBe("circuit_open");
    expect(host.store.breakers.list(Date.now())[0]).not.toHaveProperty("component");
  });

  it("does not count answers to bad requests, and waits for its minimum of attempts", async () => {
    const host = bench();
    const wrong = guarded("http://sample.apg.test/status/404");
    for (let n = 0; n < 4; n += 1) expect(await errorOf(host, wrong)).toBe("not_found");
    const patient = failing("patient", { minimum_request_threshold: 4 });
    for (let n = 0; n < 4; n += 1) expect(await errorOf(host, patient)).toBe("server_error");
    expect(await errorOf(host, patient)).toBe("circuit_open");
  });

  it("refuses without a retry", async () => {
    const host = bench();
    const retried = failing();
    const definition = {
      ...retried,
      components: retried.components.map((one) => ({
        ...one,
        retry_policy: { max_attempts: 5, initial_delay_ms: 1, jitter: false },
      })),
    };
    expect(await errorOf(host, definition)).toBe("circuit_open");
    expect(api.counts().routes["GET /status/500"]?.raw).toBe(2);
  });

  it("counts a component's whole time running out", async () => {
    const host = bench();
    const slow = guarded("http://sample.apg.test/slow?ms=60000", {
      ...RULE,
      failure_threshold: 1,
      minimum_request_threshold: 1,
    });
    const definition = {
      ...slow,
      components: slow.components.map((one) => ({ ...one, resource_limits: { timeout_seconds: 0.05 } })),
    };
    expect(await errorOf(host, definition)).toBe("timeout");
    expect(await errorOf(host, definition)).toBe("circuit_open");
  });
});
