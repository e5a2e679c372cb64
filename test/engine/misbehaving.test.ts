import { afterAll, beforeAll, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import { Shares } from "../../src-main/engine/shares";
import { serve, type Served } from "../web/fixture";

let served: Served;
let client: Client;
beforeAll(async () => {
  served = await serve();
  await served.connect().then((connected) => (client = connected.client));
  await client.host.set({ trusted: true });
});
afterAll(() => served.close());

const KINDS = {
  loops: { source: "for (;;);" },
  allocates: { source: "const all = []; for (;;) all.push(new Array(1000).fill(all.length));" },
  "loops, trusted": { source: "for (;;);", trust: "trusted" },
  "takes native memory, trusted": {
    source: "const all = []; for (;;) { all.push(Buffer.alloc(1 << 20, 1)); await new Promise(setImmediate); }",
    trust: "trusted",
  },
} as const;

it(
  "the host answers while eight components misbehave at once, and none takes it down",
  { timeout: 240_000 },
  async () => {
    const branches = Object.entries(KINDS).flatMap(([kind, config], n) =>
      ["a", "b"].map((twin) => ({
        id: `${twin}_${n}`,
        components: [
          {
            id: `${twin}${n}`,
            name: kind,
            type: "code",
            config: { language: "javascript", timeout: 8, ...config },
            resource_limits: { memory_mb: 96 },
            error_handling: { on_failure: "log_and_continue" },
          },
        ],
      })),
    );
    const text = JSON.stringify({
      id: "misbehaves",
      components: [{ id: "all", type: "parallel", config: { branches } }],
    });
    await client.workflows.create({ text, format: "json" });
    const { id } = await client.executions.start({ workflowId: "misbehaves", input: null });
    let answers = 0;
    let row = await client.executions.get({ id });
    while (row.settledAt === undefined) {
      await client.workflows.list();
      row = await client.executions.get({ id });
      answers += 1;
    }
    expect(answers).toBeGreaterThan(20);
    expect(row.status).toBe("completed_with_warnings");
    const errors: string[] = [];
    for await (const item of await client.executions.follow({ id })) {
      if (item.kind !== "entries") continue;
      for (const { event } of item.entries) if (event.kind === "attempt-failed") errors.push(event.error.type);
    }
    expect(errors).toHaveLength(8);
    expect(new Set(errors)).toEqual(new Set(["timeout", "resource_limit_exceeded"]));
    expect(served.reported).toEqual([]);
  },
);

it("components that name their cores share the machine by weight", async () => {
  const shares = new Shares(4);
  const never = new AbortController().signal;
  let busy = 0;
  let most = 0;
  const work = (weight: number) =>
    shares.during(weight, never, async () => {
      busy += weight;
      most = Math.max(most, busy);
      await new Promise(setImmediate);
      busy -= weight;
    });
  await Promise.all([work(2), work(2), work(1), work(3), work(1), work(4), work(2)]);
  expect(most).toBe(4);
  // More cores than there are is all of them, and who names none waits for nobody.
  await expect(shares.during(64, never, async () => "all")).resolves.toBe("all");
  await expect(shares.during(undefined, never, async () => "none")).resolves.toBe("none");
  const stopped = new AbortController();
  let release: () => void = () => undefined;
  const held = shares.during(4, never, () => new Promise<void>((done) => (release = done)));
  const waits = shares.during(1, stopped.signal, async () => stopped.signal.aborted);
  stopped.abort();
  await expect(waits).resolves.toBe(true);
  release();
  await held;
});
