import { expect, it } from "vitest";
import type { GroupAnswer, GroupJob, GroupsAnswer, GroupsJob } from "@shared/execution/jobs";
import { Batches } from "../../src-main/engine/batches";

const job = (definition: string): GroupJob => ({
  definition,
  from: { kind: "begun", start: "{}", at: 0 },
  paths: ["a", "b"],
  place: { folder: "", allowed: [], hosts: {}, trusted: false, scratch: "" },
});
const done: GroupAnswer = { kind: "done", text: "", count: 0, kept: { values: [], secrets: [] } };
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Batches over threads that the test plays: what was sent, and the ways to answer it. */
function opened(threads = 1) {
  const sent: {
    readonly of: readonly string[];
    readonly signal: AbortSignal;
    readonly answer: (took: number) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const run = ({ definitions, groups }: GroupsJob, signal: AbortSignal): Promise<GroupsAnswer> =>
    new Promise((resolve, reject) => {
      const of = groups.map((group) => definitions[group.of] ?? "");
      sent.push({ of, signal, answer: (took) => resolve(of.map(() => ({ answer: done, took }))), fail: reject });
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  const heard: string[] = [];
  const clock = { ms: 0 };
  const batches = new Batches(run, threads, () => clock.ms);
  const add = (definition: string): (() => void) =>
    batches.add(job(definition), (answer, error) =>
      heard.push(`${definition}: ${answer?.kind ?? (error instanceof Error ? error.message : "stopped")}`),
    );
  return { sent, heard, add, clock };
}

it("groups known to be quick share a message, others go alone", async () => {
  const { sent, heard, add } = opened();
  for (const name of ["quick", "quick", "slow"]) add(name);
  await soon();
  expect(sent.map(({ of }) => of)).toEqual([["quick"]]);
  sent[0]?.answer(0.2);
  await soon();
  sent[1]?.answer(0.2);
  await soon();
  sent[2]?.answer(50);
  await soon();
  expect(sent.map(({ of }) => of)).toEqual([["quick"], ["quick"], ["slow"]]);
  for (const name of ["quick", "quick", "slow", "quick"]) add(name);
  await soon();
  sent[3]?.answer(0.2);
  await soon();
  sent[4]?.answer(50);
  await soon();
  expect(sent.slice(3).map(({ of }) => of)).toEqual([["quick", "quick"], ["slow"], ["quick"]]);
  sent[5]?.answer(0.2);
  await soon();
  expect(heard).toHaveLength(7);
});

it("who shares a message with a stopped or a broken group is carried out by itself", async () => {
  const { sent, heard, add } = opened();
  add("quick");
  await soon();
  sent[0]?.answer(0.2);
  await soon();
  const stop = add("quick");
  add("quick");
  await soon();
  expect(sent[1]?.of).toEqual(["quick", "quick"]);
  stop();
  await soon();
  expect(heard).toEqual(["quick: done", "quick: stopped"]);
  expect(sent[2]?.of).toEqual(["quick"]);
  sent[2]?.answer(0.2);
  await soon();
  add("quick");
  add("quick");
  await soon();
  sent[3]?.fail(new Error("out of memory"));
  await soon();
  expect(sent[4]?.of).toEqual(["quick"]);
  sent[4]?.fail(new Error("out of memory"));
  await soon();
  sent[5]?.answer(0.2);
  await soon();
  expect(heard.slice(2)).toEqual(["quick: done", "quick: out of memory", "quick: done"]);
});

it("a group that is carried out again can still be stopped", async () => {
  const { sent, heard, add } = opened();
  add("quick");
  await soon();
  sent[0]?.answer(0.2);
  await soon();
  add("quick");
  const stop = add("quick");
  await soon();
  sent[1]?.fail(new Error("out of memory"));
  await soon();
  sent[2]?.answer(0.2);
  await soon();
  stop();
  expect(sent[3]?.signal.aborted).toBe(true);
  await soon();
  expect(heard).toEqual(["quick: done", "quick: done", "quick: stopped"]);
});

it("a group that waits can be stopped before it is sent", async () => {
  const { sent, heard, add } = opened();
  add("quick");
  await soon();
  const stop = add("other");
  stop();
  sent[0]?.answer(0.2);
  await soon();
  expect(sent).toHaveLength(1);
  expect(heard.sort()).toEqual(["other: stopped", "quick: done"]);
});

it("what is soon done waits for the thread at work, half of it at a time", async () => {
  const { sent, add } = opened(2);
  add("quick");
  await soon();
  sent[0]?.answer(0.15);
  await soon();
  for (let i = 0; i < 10; i++) add("quick");
  await soon();
  expect(sent.slice(1).map(({ of }) => of.length)).toEqual([6]);
  sent[1]?.answer(0.15);
  await soon();
  expect(sent.slice(2).map(({ of }) => of.length)).toEqual([4]);
});

it("what is not soon done goes to every thread", async () => {
  const { sent, add } = opened(2);
  add("slow");
  add("other");
  await soon();
  expect(sent.map(({ of }) => of)).toEqual([["slow"], ["other"]]);
  sent[0]?.answer(1.5);
  sent[1]?.answer(50);
  await soon();
  for (const name of ["slow", "slow"]) add(name);
  await soon();
  expect(sent.slice(2).map(({ of }) => of)).toEqual([["slow"], ["slow"]]);
});

it("nobody waits long for a thread that was said to be soon free", async () => {
  const { sent, add, clock } = opened(2);
  add("quick");
  await soon();
  sent[0]?.answer(0.2);
  await soon();
  add("quick");
  await soon();
  add("quick");
  await soon();
  expect(sent).toHaveLength(2);
  clock.ms = 10;
  await expect.poll(() => sent.length).toBe(3);
});
