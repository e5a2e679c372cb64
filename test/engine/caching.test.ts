import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import type { Workflow } from "@shared/workflow/workflow";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { everythingIn } from "./on-disk";
import { bench, type Bench, freshFolder, story, workflow } from "./running";

let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const URL = "http://sample.apg.test/slow/rates?ms=30";

const run = (host: Bench, definition: Workflow, more: object = {}) =>
  host.run(definition, { hosts: { "sample.apg.test": api.url }, ...more });
const calls = (route = "GET /slow/rates"): number => api.counts().routes[route]?.raw ?? 0;

function fetching(config: JsonObject, more: Partial<Workflow["components"][number]> = {}): Workflow {
  return workflow([{ id: "fetch", type: "http_request", config: { url: URL, ...config }, ...more }], {
    outputs: { got: "{{ fetch.output.body }}" },
  });
}

describe("cache_result", () => {
  it("answers from the cache while the answer is fresh, and says so", async () => {
    const host = bench();
    const definition = fetching({ cache_result: true });
    const first = await run(host, definition);
    const second = await run(host, definition);
    expect(second.json).toEqual(first.json);
    expect(calls()).toBe(1);
    const completed = (await host.journal(second.id)).find(({ event }) => event.kind === "attempt-completed")?.event;
    expect(completed).toMatchObject({ from: "cache", facts: expect.stringMatching(/^hit · \d+ s old$/) as string });
  });

  it("without it nothing is read and nothing is kept", async () => {
    const host = bench();
    for (const config of [{}, { cache_result: false }, { cache_key: "k", cache_ttl: 60 }])
      await run(host, fetching(config));
    expect(calls()).toBe(3);
    expect(host.store.caches.list({ from: 0, limit: 10 }).total).toBe(0);
  });

  it("a different config is a different answer; a named key is one answer", async () => {
    const host = bench();
    await run(host, fetching({ cache_result: true, headers: { a: "1" } }));
    await run(host, fetching({ cache_result: true, headers: { a: "2" } }));
    expect(calls()).toBe(2);
    await run(host, fetching({ cache_result: true, headers: { a: "3" }, cache_key: "rates" }));
    await run(host, fetching({ cache_result: true, headers: { a: "4" }, cache_key: "rates" }));
    expect(calls()).toBe(3);
    const { rows } = host.store.caches.list({ from: 0, limit: 10, search: "w/rates" });
    expect(rows).toMatchObject([{ key: "w/rates", workflowId: "w", hits: 1, summary: "3 fields", sensitive: false }]);
    expect((rows[0]?.expiresAt ?? 0) - (rows[0]?.storedAt ?? 0)).toBe(300_000);
  });

  it("an answer that has expired is fetched again", async () => {
    const host = bench();
    const definition = fetching({ cache_result: true, cache_ttl: 0.001 });
    await run(host, definition);
    await run(host, definition);
    expect(calls()).toBe(2);
  });

  it("is the workflow's own unless its scope is the workspace; environments never share", async () => {
    const host = bench();
    const own = { ...fetching({ cache_result: true, cache_key: "k" }), id: "one" };
    await run(host, own);
    await run(host, { ...own, id: "two" });
    expect(calls()).toBe(2);
    const shared = { ...fetching({ cache_result: true, cache_key: "k", cache_scope: "workspace" }), id: "one" };
    await run(host, shared);
    await run(host, { ...shared, id: "two" });
    expect(calls()).toBe(3);
    await run(host, shared, { environment: "test" });
    expect(calls()).toBe(4);
    const optimized = {
      ...fetching({ cache_result: true, cache_key: "k" }, { optimization: { cache_scope: "workspace" } }),
      id: "three",
    };
    await run(host, optimized);
    expect(calls()).toBe(4);
  });

  it("concurrent misses fetch once, also those of other executions", async () => {
    const host = bench();
    const each = workflow(
      [
        {
          id: "each",
          type: "loop",
          config: {
            items: Array.from({ length: 8 }, (_, n) => n),
            max_concurrency: 8,
            components: [{ id: "fetch", type: "http_request", config: { url: URL, cache_result: true } }],
          },
        },
      ] as unknown as Workflow["components"],
      { outputs: { names: "{{ each.output.map(one, one.body.name) }}" } },
    );
    const ended = await Promise.all(Array.from({ length: 5 }, () => run(host, each)));
    expect(ended.map(({ status }) => status)).toEqual(Array<string>(5).fill("completed"));
    expect(calls()).toBe(1);
  });

  it("a fetch that fails fails those who waited for it, and one that is stopped is taken over", async () => {
    const host = bench();
    const broken = workflow([
      {
        id: "fetch",
        type: "http_request",
        config: { url: "http://sample.apg.test/status/500", cache_result: true },
      },
    ]);
    const ended = await Promise.all(Array.from({ length: 4 }, () => run(host, broken)));
    expect(ended.map(({ error }) => error?.type)).toEqual(Array<string>(4).fill("server_error"));
    expect(calls("GET /status/500")).toBeLessThan(4);

    const slow = fetching({ url: "http://sample.apg.test/slow/late?ms=400", cache_result: true });
    const place = { hosts: { "sample.apg.test": api.url } };
    const leader = host.start(slow, place);
    for await (const item of host.engine.follow(leader)) {
      const started = item.kind === "entries" && item.entries.some(({ event }) => event.kind === "attempt-started");
      if (started) break;
    }
    const follower = run(host, slow);
    host.engine.cancel(leader);
    expect((await host.engine.settled(leader)).status).toBe("cancelled");
    expect((await follower).status).toBe("completed");
  });

  it("after a fetch that failed each attempts again by its own policy, and nobody waits for himself", async () => {
    const host = bench();
    const flaky = workflow([
      {
        id: "fetch",
        type: "http_request",
        config: { url: "http://sample.apg.test/flaky/once?fails=1&status=503", cache_result: true },
        retry_policy: { max_attempts: 3, initial_delay_ms: 20, jitter: false },
      },
    ]);
    const ended = await Promise.all(Array.from({ length: 4 }, () => run(host, flaky)));
    expect(ended.map(({ status }) => status)).toEqual(Array<string>(4).fill("completed"));
    expect(calls("GET /flaky/once")).toBe(2);
  });

  it("the other host of a workspace waits for the one that fetches", async () => {
    const folder = freshFolder();
    const hosts = [bench({ folder }), bench({ folder })];
    const definition = fetching({ cache_result: true, url: "http://sample.apg.test/slow/rates?ms=300" });
    const ended = await Promise.all(hosts.map((host) => run(host, definition)));
    expect(ended.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(calls()).toBe(1);
  });

  it("keeps what is sensitive sealed, and gives it back as sensitive", async () => {
    const SECRET = "tok-8845-cached";
    const host = bench();
    const definition = workflow(
      [
        {
          id: "echo",
          type: "http_request",
          config: {
            method: "POST",
            url: "http://sample.apg.test/echo",
            body: { token: "{{ token }}", plain: "fine" },
            cache_result: true,
          },
        },
        { id: "say", type: "code", config: { language: "javascript", source: "return input.body.body.token.length" } },
      ],
      {
        parameters: { token: { type: "string", sensitive: true } },
        outputs: { body: "{{ echo.output.body.body }}", length: "{{ say.output }}" },
      },
    );
    const given = { parameters: { token: SECRET } };
    const first = await run(host, definition, given);
    const second = await run(host, definition, given);
    expect(calls("POST /echo")).toBe(1);
    const expected = { body: { token: "[REDACTED]", plain: "fine" }, length: SECRET.length };
    expect([first.json, second.json]).toEqual([expected, expected]);
    expect(host.store.caches.list({ from: 0, limit: 10 }).rows[0]?.sensitive).toBe(true);
    expect(everythingIn(host.folder).includes(SECRET)).toBe(false);
  });

  it("what was used longest ago makes room; what is too large is not kept", async () => {
    const host = bench();
    host.store.settings.set({ cacheLimitBytes: 3000 });
    const code = (key: string, size: number): Workflow =>
      workflow([
        {
          id: "echo",
          type: "http_request",
          config: {
            method: "POST",
            url: "http://sample.apg.test/echo",
            body: "x".repeat(size),
            cache_result: true,
            cache_key: key,
          },
        },
      ]);
    for (const key of ["a", "b", "a", "c"]) await run(host, code(key, 600));
    const keys = () => host.store.caches.list({ from: 0, limit: 10 }).rows.map((row) => row.key);
    expect(keys()).toEqual(["w/c", "w/a"]);
    await run(host, code("huge", 5000));
    expect(keys()).toEqual(["w/c", "w/a"]);
    const { bytes, limitBytes } = host.store.caches.list({ from: 0, limit: 10 });
    expect(bytes).toBeLessThanOrEqual(limitBytes);
    expect(host.store.caches.clear({ search: "w/c" })).toBe(1);
    expect(host.store.caches.clear({})).toBe(1);
    expect(keys()).toEqual([]);
  });

  it("an answer in the cache is given while the breaker is open", async () => {
    const host = bench();
    const flaky = fetching({
      url: "http://sample.apg.test/echo",
      cache_result: true,
      circuit_breaker: { failure_threshold: 1, minimum_request_threshold: 1, recovery_timeout: 3600 },
    });
    await run(host, flaky);
    await run(host, {
      ...flaky,
      components: [
        {
          ...flaky.components[0]!,
          config: { ...flaky.components[0]!.config, url: "http://sample.apg.test/status/500" },
        },
      ],
    });
    expect((await run(host, flaky)).status).toBe("completed");
  });
});

describe("cache_lookup", () => {
  const lookup = (config: JsonObject, fallback: JsonObject = {}): Workflow =>
    workflow(
      [
        { id: "lookup", type: "cache_lookup", config: { cache_key: "rates", fallback_component: "fetch", ...config } },
        { id: "fetch", type: "http_request", config: { url: URL, ...fallback } },
      ],
      { outputs: { looked: "{{ lookup.output }}", fetched: "{{ fetch.status }}" } },
    );

  it("stores what its fallback gave, and takes it from there the next time", async () => {
    const host = bench();
    const first = (await run(host, lookup({}))).json as { looked: { hit: boolean; value: Json }; fetched: string };
    expect(first.fetched).toBe("completed");
    expect(first.looked.hit).toBe(false);
    const second = await run(host, lookup({}));
    expect(second.json).toEqual({ looked: { hit: true, value: first.looked.value }, fetched: "skipped" });
    expect(calls()).toBe(1);
    expect(host.store.caches.list({ from: 0, limit: 10 }).rows[0]).toMatchObject({ key: "w/rates", hits: 1 });
  });

  it("takes nothing older than it may", async () => {
    const host = bench();
    await run(host, lookup({ ttl_seconds: 0.001 }));
    await run(host, lookup({ ttl_seconds: 0.001 }));
    expect(calls()).toBe(2);
  });

  it("runs as in the guide, where the fallback names the same key", async () => {
    const host = bench();
    const definition = lookup({}, { cache_result: true, cache_key: "rates", cache_ttl: 3600 });
    expect((await run(host, definition)).status).toBe("completed");
    expect((await run(host, definition)).json).toMatchObject({ looked: { hit: true } });
    expect(calls()).toBe(1);
  });

  it("several misses at once fetch once, even with a single slot", async () => {
    const host = bench({ concurrency: 1 });
    const ended = await Promise.all(Array.from({ length: 6 }, () => run(host, lookup({}))));
    expect(ended.map(({ status }) => status)).toEqual(Array<string>(6).fill("completed"));
    expect(calls()).toBe(1);
  });

  it("without a fallback says that there is nothing", async () => {
    const host = bench();
    const definition = workflow([{ id: "lookup", type: "cache_lookup", config: { cache_key: "none" } }], {
      outputs: { got: "{{ lookup.output }}" },
    });
    expect((await run(host, definition)).json).toEqual({ got: { hit: false, value: null } });
  });

  it("falls back on what it stored, however old", async () => {
    const host = bench();
    const degraded = (url: string): Workflow => {
      const definition = lookup({ ttl_seconds: 0.001 }, { url });
      const [first, ...rest] = definition.components;
      return {
        ...definition,
        components: [{ ...first!, error_handling: { on_failure: "use_cached_data" } }, ...rest],
        outputs: { looked: "{{ lookup.output.hit }}", name: "{{ lookup.output.value.body.name }}" },
      };
    };
    expect((await run(host, degraded(URL))).json).toEqual({ looked: false, name: "rates" });
    const ended = await run(host, degraded("http://sample.apg.test/status/500"));
    expect(ended).toMatchObject({ status: "completed_with_warnings", json: { looked: true, name: "rates" } });
  });

  it("a host that goes away while it fetches leaves the fetch to the next", async () => {
    const folder = freshFolder();
    const first = bench({ folder });
    const definition = lookup({}, { url: "http://sample.apg.test/slow/rates?ms=5000" });
    const id = first.start(definition, { hosts: { "sample.apg.test": api.url } });
    for await (const item of first.engine.follow(id)) {
      if (item.kind === "entries" && item.entries.some(({ event }) => event.kind === "cache-missed")) break;
    }
    await first.close();
    const second = bench({ folder });
    expect((await run(second, lookup({}))).status).toBe("completed");
    expect(story(await second.journal(id))).not.toContain("execution-settled");
  });
});

describe("use_cached_data", () => {
  const rates = (url: string, more: object = {}, handling: object = {}): Workflow =>
    workflow(
      [
        {
          id: "rates",
          type: "http_request",
          config: { url: "{{ url }}", ...more },
          error_handling: { on_failure: "use_cached_data", ...handling },
        },
      ],
      {
        parameters: { url: { type: "string", default: url } },
        outputs: { body: "{{ rates.output.body }}", status: "{{ rates.status }}" },
      },
    );
  const FLAKY = "http://sample.apg.test/flaky/rates?fails=0";

  it("gives the last good output of the same config, with a warning", async () => {
    const host = bench();
    const good = await run(host, rates(FLAKY));
    await api.close();
    const degraded = await run(host, rates(FLAKY));
    api = await startSampleApi();
    expect(degraded.status).toBe("completed_with_warnings");
    expect(degraded.json).toEqual(good.json);
    expect(degraded.warnings).toEqual([expect.stringMatching(/^rates: The last good output is used, \d+ s old: /)]);
    expect(story(await host.journal(degraded.id))).toContain("recalled rates");
  });

  it("fails where the config is another one", async () => {
    const host = bench();
    await run(host, rates(FLAKY));
    const other = await run(host, rates("http://sample.apg.test/status/500"));
    expect(other.error).toMatchObject({ type: "server_error" });
    expect(other.error?.message).toContain("There is no cached output to use instead.");
  });

  it("a named key gives whatever is stored under it", async () => {
    const host = bench();
    await run(host, rates(FLAKY, { cache_key: "last_known_good_data" }));
    const other = await run(host, rates("http://sample.apg.test/status/500", { cache_key: "last_known_good_data" }));
    expect(other.json).toMatchObject({ body: { key: "rates" }, status: "completed" });
    const handled = rates("http://sample.apg.test/status/503", {}, { cache_key: "last_known_good_data" });
    expect((await run(host, handled)).json).toMatchObject({ body: { key: "rates" } });
    const looked = workflow([{ id: "use", type: "cache_lookup", config: { cache_key: "last_known_good_data" } }], {
      outputs: { got: "{{ use.output.value.body.key }}" },
    });
    expect((await run(host, looked)).json).toEqual({ got: "rates" });
  });

  it("takes an answer that has expired for a good one", async () => {
    const host = bench();
    await run(host, rates(FLAKY, { cache_result: true, cache_ttl: 0.001 }));
    await api.close();
    const degraded = await run(host, rates(FLAKY, { cache_result: true, cache_ttl: 0.001 }));
    api = await startSampleApi();
    expect(degraded.status).toBe("completed_with_warnings");
  });

  it("works for any type, and for what owns others", async () => {
    const host = bench();
    const definition = (fails: boolean): Workflow =>
      workflow(
        [
          {
            id: "code",
            type: "code",
            config: { language: "javascript", source: "if (context.input_data) throw new Error('no'); return 7" },
            error_handling: { on_failure: "use_cached_data" },
          },
          {
            id: "each",
            type: "loop",
            config: {
              items: [1, 2],
              components: [
                {
                  id: "one",
                  type: "code",
                  config: {
                    language: "javascript",
                    source: "if (context.input_data) throw new Error('no'); return input",
                  },
                },
              ],
            },
            error_handling: { on_failure: "use_cached_data" },
          },
        ] as unknown as Workflow["components"],
        { outputs: { code: "{{ code.output }}", each: "{{ each.output }}", fails } as unknown as Workflow["outputs"] },
      );
    expect((await host.run(definition(false), { input: false })).json).toMatchObject({ code: 7, each: [1, 2] });
    const degraded = await host.run(definition(false), { input: true });
    expect(degraded.json).toMatchObject({ code: 7, each: [1, 2] });
    expect(degraded.status).toBe("completed_with_warnings");
  });
});
