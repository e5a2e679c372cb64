import { expect, it } from "vitest";
import { Commits } from "../../src-main/engine/commits";
import type { JournalPort, Turn } from "../../src-main/engine/ports";

const turn = (executionId: string): Turn => ({
  executionId,
  firstSeq: 1,
  lastSeq: 1,
  events: "[]",
  values: [],
  secrets: [],
});

function journal(bad: string): { readonly port: JournalPort; readonly commits: string[][] } {
  const commits: string[][] = [];
  const write = (turns: readonly Turn[]): void => {
    const ids = turns.map((one) => one.executionId);
    if (ids.includes(bad)) throw new Error("refused");
    commits.push(ids);
  };
  return { port: { write } as unknown as JournalPort, commits };
}

it("turns of one moment share a commit", async () => {
  const { port, commits } = journal("none");
  const all = new Commits(port);
  await Promise.all(["a", "b", "c"].map((id) => new Promise((resolve) => all.add(turn(id), resolve))));
  expect(commits).toEqual([["a", "b", "c"]]);
});

it("a turn that cannot be written takes no other with it", async () => {
  const { port, commits } = journal("b");
  const all = new Commits(port);
  const ends = ["a", "b", "c"].map((id) => new Promise<unknown>((resolve) => all.add(turn(id), resolve)));
  expect((await Promise.all(ends)).map((error) => error !== undefined)).toEqual([false, true, false]);
  expect(commits).toEqual([["a"], ["c"]]);
});
