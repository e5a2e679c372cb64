// 10 http_request steps one after another, 200 executions, 50 in flight, full history, against a server in a process of its own.
import { fork } from "node:child_process";
import { join } from "node:path";
import { Agent } from "undici";
import { load, openBenchHost, report, root, rounds, runOnce } from "./kit.mjs";

const EXECUTIONS = 200;
const IN_FLIGHT = 50;
const STEPS = 10;

const server = fork(join(root, "test/bench/http-server.mjs"));
const { port } = await new Promise((resolve) => server.once("message", resolve));
const url = `http://127.0.0.1:${port}`;
const definition = {
  id: "http_chain",
  name: "HTTP chain",
  version: "1.0.0",
  components: Array.from({ length: STEPS }, (_, i) => ({
    id: `call_${i + 1}`,
    type: "http_request",
    name: `Call ${i + 1}`,
    config: {
      url: `${url}/items/${i + 1}`,
      method: i % 2 === 0 ? "GET" : "POST",
      ...(i % 2 === 0 ? {} : { body: { i } }),
    },
  })),
  outputs: { name: "{{ call_10.output.body.name }}" },
};

const host = await openBenchHost("http");
const calls = async () => Number(await (await fetch(`${url}/_calls`)).text());
const once = async () => {
  const ended = await runOnce(host, definition);
  if (ended.output.kind === "inline" && ended.output.json.name !== "Keyboard") throw new Error("wrong result");
};
await load(EXECUTIONS, IN_FLIGHT, once);
const before = await calls();
const ROUNDS = 5;
const ours = await rounds(ROUNDS, EXECUTIONS, IN_FLIGHT, once);
const made = (await calls()) - before;
if (made !== ROUNDS * EXECUTIONS * STEPS) throw new Error(`${made} calls arrived`);

// The same calls by the bare client, from one thread.
const agent = new Agent();
const bare = async () => {
  for (let i = 0; i < STEPS; i++) {
    const post = i % 2 === 1;
    const { body } = await agent.request({
      origin: url,
      path: `/items/${i + 1}`,
      method: post ? "POST" : "GET",
      ...(post ? { body: JSON.stringify({ i }), headers: { "content-type": "application/json" } } : {}),
    });
    await body.json();
  }
};
await load(EXECUTIONS, IN_FLIGHT, bare);
const raw = await rounds(3, EXECUTIONS, IN_FLIGHT, bare);
await agent.close();

server.disconnect();
await report(
  {
    figures: {
      "executions/s": ours.perSecond,
      "best round": ours.best,
      "calls/s": ours.perSecond * STEPS,
      "p50 ms": ours.p50,
      "p99 ms": ours.p99,
      "CPU µs an execution": ours.cpuMicros,
    },
    limits: { "undici alone: executions/s": raw.perSecond, "undici alone: CPU µs": raw.cpuMicros },
    ratios: { "executions ÷ undici alone": ours.perSecond / raw.perSecond },
    budgets: { "executions/s": 400 },
  },
  host,
);
