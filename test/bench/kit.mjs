// What the workloads share: a host on a temporary workspace, percentiles, and the machine's raw limits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** A program of the build: `out`, or another folder named by `APG_OUT`. */
export const built = (name) => resolve(root, process.env.APG_OUT ?? "out", "main", name);

/** The address a web host that was just started says. */
export function webAddress(web) {
  return new Promise((found, failed) => {
    let text = "";
    web.stdout.on("data", (chunk) => {
      text += chunk;
      const line = /http:\S+/.exec(text);
      if (line) found(line[0]);
    });
    web.once("exit", (code) => failed(new Error(`the web host ended with ${code}`)));
  });
}

/** A fresh folder, removed when the process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `apg-bench-${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens the built host on an empty workspace. */
export async function openBenchHost(name) {
  const { openHost } = await import(built("host.js"));
  const folder = temporaryFolder(name);
  const opened = openHost({ kind: "web", workspace: folder });
  if (!opened.ok) throw new Error(`no host: ${JSON.stringify(opened.problem)}`);
  return { ...opened.value, folder };
}

/** Starts `definition` and waits for its end; throws unless it completed. */
export async function runOnce(host, definition, input = null, more = {}) {
  const { engine, store } = host;
  const started = await engine.begin({
    definition,
    input,
    parameters: {},
    env: {},
    folder: store.files,
    allowed: [store.files, ...(more.allowed ?? [])],
    hosts: {},
    trusted: more.trusted ?? false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  const ended = await engine.settled(started.value.id);
  if (ended.status !== "completed") throw new Error(`${ended.status}: ${JSON.stringify(ended.error)}`);
  return ended;
}

/** Runs `work` `count` times with `inFlight` under way at once; times in ms and the rate. */
export async function load(count, inFlight, work) {
  const times = [];
  let next = 0;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) {
        next += 1;
        const began = performance.now();
        await work();
        times.push(performance.now() - began);
      }
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  return { perSecond: count / seconds, p50: percentile(times, 50), p99: percentile(times, 99) };
}

/**
 * {@link load} in `rounds`: the median round, the best one, and the CPU time of all threads for one piece of work, which other
 * programs on the machine change least.
 */
export async function rounds(times, count, inFlight, work) {
  const before = process.cpuUsage();
  const done = [];
  for (let i = 0; i < times; i++) done.push(await load(count, inFlight, work));
  const { user, system } = process.cpuUsage(before);
  done.sort((a, b) => a.perSecond - b.perSecond);
  return { ...done[times >> 1], best: done[times - 1].perSecond, cpuMicros: (user + system) / times / count };
}

/** The value that `p` percent of `values` do not exceed. */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)];
}

/** Commits of 1 KB rows a second in WAL mode with synchronous NORMAL: what a journal can reach here. */
export async function sqliteCommits() {
  const { default: Database } = await import("better-sqlite3");
  const db = new Database(join(temporaryFolder("sqlite"), "raw.db"));
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  db.exec("create table t(id integer primary key, text text)");
  const insert = db.prepare("insert into t(text) values (?)");
  const row = "x".repeat(1024);
  for (let i = 0; i < 2000; i++) insert.run(row);
  const from = performance.now();
  for (let i = 0; i < 10_000; i++) insert.run(row);
  const rate = 10_000 / ((performance.now() - from) / 1000);
  db.close();
  return rate;
}

/** Trivial tasks a second through a piscina thread, one after another. */
export async function threadRoundTrips() {
  const { Piscina } = await import("piscina");
  const pool = new Piscina({ filename: join(root, "test/bench/noop.mjs"), minThreads: 1, maxThreads: 1 });
  for (let i = 0; i < 2000; i++) await pool.run(i);
  const from = performance.now();
  for (let i = 0; i < 10_000; i++) await pool.run(i);
  const rate = 10_000 / ((performance.now() - from) / 1000);
  await pool.destroy();
  return rate;
}

/** Resident memory of this process and its descendants, in bytes (Linux; elsewhere this process only). */
export async function residentBytes() {
  const { readdirSync, readFileSync } = await import("node:fs");
  if (process.platform !== "linux") return process.memoryUsage().rss;
  const parents = new Map();
  const memory = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
      memory.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      continue; // the process ended while we looked
    }
  }
  const ours = (pid) => pid === process.pid || (parents.has(pid) && ours(parents.get(pid)));
  return [...memory.entries()].filter(([pid]) => ours(pid)).reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** The highest {@link residentBytes} seen while `work` runs. */
export async function peakMemory(work) {
  let peak = await residentBytes();
  const timer = setInterval(async () => {
    peak = Math.max(peak, await residentBytes());
  }, 50);
  const result = await work();
  clearInterval(timer);
  return { result, peakBytes: Math.max(peak, await residentBytes()) };
}

/** Prints the result the runner reads, and ends. */
export async function report(result, host) {
  await host?.close();
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
}
