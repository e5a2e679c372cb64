import { appendFileSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Host } from "../../src-main/compose/host";
import { closed, FakeClock, freshFolder, hostOn, on, outputsOf, store, until } from "./kit";

/** Files must rest for a fifth of a second. */
const QUICK = "settle_seconds: 0.2";

async function watching(folder: string, more = "", clock?: FakeClock): Promise<{ host: Host; inbox: string }> {
  const host = hostOn(folder, clock);
  store(host, "takes_in", `  - {type: file, path: inbox, pattern: "*.csv", ${QUICK}${more}}`);
  await host.begin();
  await on(host, "takes_in");
  return { host, inbox: join(host.store.files, "inbox") };
}

async function count(host: Host): Promise<number> {
  return (await host.rooms.executions.list({ workflowId: "takes_in", from: 0, limit: 1 })).total;
}

it("a file that comes and rests starts the workflow, each version once", async () => {
  const { host, inbox } = await watching(freshFolder());
  writeFileSync(join(inbox, "orders.csv"), "id\n1\n");
  writeFileSync(join(inbox, "notes.txt"), "no");
  const [added] = await outputsOf(host, "takes_in", 1);
  expect(added?.event).toMatchObject({ type: "file", change: "added", name: "orders.csv", size: 5 });
  expect(added?.input).toMatchObject({ path: join(inbox, "orders.csv"), name: "orders.csv" });
  appendFileSync(join(inbox, "orders.csv"), "2\n");
  const outputs = await outputsOf(host, "takes_in", 2);
  expect(outputs[1]?.event).toMatchObject({ change: "changed", size: 7 });
  rmSync(join(inbox, "orders.csv"));
  writeFileSync(join(inbox, "more.csv"), "id\n");
  expect((await outputsOf(host, "takes_in", 3)).map(({ event }) => event["change"])).toEqual([
    "added",
    "changed",
    "added",
  ]);
});

it("a file that is still being written is waited for", async () => {
  const start = Date.now();
  const after = (ms: number): string => new Date(start + ms).toISOString();
  const clock = new FakeClock(after(0));
  const { host, inbox } = await watching(freshFolder(), "", clock);
  const slow = join(inbox, "slow.csv");
  /** As of a program that is at it `ms` after the start. */
  const write = (text: string, ms: number): void => {
    appendFileSync(slow, text);
    utimesSync(slow, new Date(start + ms), new Date(start + ms));
  };
  write("0\n1\n", 0);
  await until(() => clock.isArmed(200), "another look at the file");
  write("2\n3\n", 150);
  await clock.goTo(after(200));
  await until(() => clock.isArmed(200), "another look at the file");
  expect(await count(host)).toBe(0);
  write("4\n", 250);
  // Whenever the watcher tells of it, as a clock goes on.
  let now = 250;
  await until(async () => {
    await clock.goTo(after((now += 200)));
    return (await count(host)) > 0;
  }, "the start");
  const outputs = await outputsOf(host, "takes_in", 1);
  expect(outputs.map(({ event }) => event["size"])).toEqual([10]);
});

it.each([
  ["skip", []],
  ["run_all", ["a.csv", "b.csv"]],
  ["run_once", ["b.csv"]],
])("files that came while no host ran are taken as missed: %s says", async (missed, names) => {
  const folder = freshFolder();
  const { host, inbox } = await watching(folder, `, missed: ${missed}`);
  await closed(host);
  const lately = Date.now() / 1000;
  for (const [name, seconds] of [
    ["a.csv", 20],
    ["b.csv", 10],
  ] as const) {
    writeFileSync(join(inbox, name), name);
    utimesSync(join(inbox, name), lately - seconds, lately - seconds);
  }
  const second = hostOn(folder);
  await second.begin();
  expect((await outputsOf(second, "takes_in", names.length)).map(({ event }) => event["name"])).toEqual(names);
  writeFileSync(join(inbox, "c.csv"), "3");
  expect((await outputsOf(second, "takes_in", names.length + 1)).at(-1)?.event).toMatchObject({ name: "c.csv" });
});

it("files that were there before the trigger was turned on start nothing", async () => {
  const folder = freshFolder();
  const host = hostOn(folder);
  const inbox = join(host.store.files, "inbox");
  mkdirSync(inbox);
  writeFileSync(join(inbox, "old.csv"), "1");
  store(
    host,
    "takes_in",
    `  - {type: file, path: inbox, pattern: "*.csv", missed: run_all, event: [added, removed], ${QUICK}}`,
  );
  await host.begin();
  await on(host, "takes_in");
  rmSync(join(inbox, "old.csv"));
  const [output] = await outputsOf(host, "takes_in", 1);
  expect(output?.event).toMatchObject({ change: "removed", name: "old.csv" });
  expect(await count(host)).toBe(1);
});

it("a folder outside those allowed is not watched, nor one behind a link", async () => {
  const folder = freshFolder();
  const host = hostOn(folder);
  const outside = join(folder, "outside");
  mkdirSync(outside);
  symlinkSync(outside, join(host.store.files, "link"));
  store(host, "takes_in", `  - {type: file, path: ../../outside}\n  - {type: file, path: link}`);
  await host.begin();
  await on(host, "takes_in", 0);
  await on(host, "takes_in", 1);
  expect(host.rooms.triggers.list().map(({ problem }) => problem)).toEqual([
    "../../outside lies outside the folders this workflow may use. Allow the folder in the settings.",
    "link lies outside the folders this workflow may use. Allow the folder in the settings.",
  ]);
  host.rooms.settings.set({ allowedFolders: [outside] });
  await until(() => host.rooms.triggers.list().every(({ problem }) => problem === undefined), "the permission");
  writeFileSync(join(outside, "x"), "1");
  await until(async () => (await count(host)) === 2, "both triggers");
});
