import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Json } from "@shared/base/json";
import type { ExecutionRow } from "@shared/contract/executions";
import { openHost, type Host } from "../../src-main/compose/host";
import type { Clock } from "../../src-main/engine/ports";

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  private readonly armed = new Set<{ readonly due: number; readonly fire: () => void }>();
  private drawn = 0;
  private at: number;

  constructor(start: string) {
    this.at = Date.parse(start);
  }

  now = (): number => this.at;

  after = (delay: number, fire: () => void): (() => void) => {
    const one = { due: this.at + delay, fire };
    this.armed.add(one);
    return () => void this.armed.delete(one);
  };

  /** Whether something is to follow so long after the present moment. */
  isArmed(delay: number): boolean {
    return [...this.armed].some(({ due }) => due === this.at + delay);
  }

  random = (bytes: number): string => (++this.drawn).toString(16).padStart(bytes * 2, "0");

  /** Goes on to `moment`, firing what is due on the way, each when all that it led to has come to rest. */
  async goTo(moment: string): Promise<void> {
    const until = Date.parse(moment);
    for (;;) {
      await rest();
      const next = [...this.armed].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.armed.delete(next);
      this.at = Math.max(this.at, next.due);
      next.fire();
    }
    this.at = until;
    await rest();
  }

  /** Is awake around each of `moments`, oldest first, and sleeps between them. */
  async through(...moments: readonly string[]): Promise<void> {
    for (const moment of moments) {
      const at = Date.parse(moment);
      this.sleepTo(new Date(at - 20_000).toISOString());
      await this.goTo(new Date(at + 20_000).toISOString());
    }
  }

  /** Is at `moment` without anything having fired: as for a machine that slept. */
  sleepTo(moment: string): void {
    this.at = Date.parse(moment);
  }
}

/** Lets everything that is ready run. */
async function rest(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves once `isSo`; fails after a time in which it is sure to come about. */
export async function until(isSo: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const hosts = new Set<Host>();
const folders: string[] = [];

afterEach(async () => {
  for (const host of [...hosts]) await closed(host);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "apg-triggers-"));
  process.env["XDG_DATA_HOME"] = join(folder, "user");
  folders.push(folder);
  return folder;
}

/** A host on the workspace in `folder`, closed after the test. */
export function hostOn(folder: string, clock?: Clock): Host {
  const opened = openHost({
    kind: "web",
    workspace: join(folder, "workspace"),
    ...(clock === undefined ? {} : { clock }),
  });
  if (!opened.ok) throw new Error(opened.problem.kind);
  hosts.add(opened.value);
  return opened.value;
}

export async function closed(host: Host): Promise<void> {
  if (!hosts.delete(host)) return;
  await host.close();
}

/** Stores a workflow that gives back its event and input. */
export function store(host: Host, id: string, triggers: string, more = ""): void {
  const text = `id: ${id}\nversion: 1.0.0\ntriggers:\n${triggers}\ncomponents:\n  - {id: keep, type: start}\noutputs: {event: "{{ event }}", input: "{{ input_data }}"}\n${more}`;
  host.rooms.library.create(text, "yaml", "workspace");
}

/** What the executions of a workflow gave back, oldest first, once there are `count`. */
export async function outputsOf(host: Host, workflowId: string, count: number): Promise<readonly Output[]> {
  const settled = async (): Promise<readonly ExecutionRow[]> => {
    const { rows } = await host.rooms.executions.list({ workflowId, from: 0, limit: 100 });
    return rows.filter((row) => row.settledAt !== undefined);
  };
  await until(async () => (await settled()).length >= count, `${count} executions of ${workflowId}`);
  const rows = [...(await settled())].sort((a, b) => a.number - b.number);
  return Promise.all(
    rows.map(async ({ id }) => {
      const { output, status, error } = await host.engine.settled(id);
      if (error !== undefined) throw new Error(`${status}: ${error.message}`);
      return (await host.engine.read(id, output)) as unknown as Output;
    }),
  );
}

interface Output {
  readonly event: { readonly [key: string]: Json };
  readonly input: Json;
}

export async function on(host: Host, workflowId: string, index = 0): Promise<void> {
  const done = await host.rooms.triggers.enable(workflowId, index, true);
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
}
