import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Kept } from "@shared/execution/work";
import { writtenAhead } from "../../src-main/engine/ahead";
import type { Course, SessionRooms } from "../../src-main/engine/course";
import { bench, workflow } from "./running";

const kept: Kept = { values: [{ id: "make@1", text: "x".repeat(2_000_000) }], secrets: [] };

/** Writes ahead over a journal that breaks; what is told of it. */
async function broken(
  isClosed: boolean,
): Promise<{ readonly told: readonly string[]; readonly left: Kept | undefined }> {
  const told: string[] = [];
  const rooms = {
    journal: { writeAhead: () => Promise.reject(new Error("the connection is closed")) },
    trouble: (_id: string, error: unknown) => void told.push(String(error)),
  } as unknown as SessionRooms;
  const left = await writtenAhead({ id: "one", isClosed } as Course, rooms, kept);
  return { told, left };
}

it("what cannot be written ahead is left to the turn, and told", async () => {
  expect(await broken(false)).toEqual({ told: ["Error: the connection is closed"], left: kept });
});

it("a host that has let go of the execution says nothing of it", async () => {
  expect(await broken(true)).toEqual({ told: [], left: kept });
});

it("a long text that a process of its own reads is what the next component gets", async () => {
  const { run, store, engine } = bench();
  const text = "one 😀 line of a long letter\n".repeat(120_000);
  writeFileSync(join(store.files, "letter.txt"), text);
  const ended = await run(
    workflow([
      { id: "read", type: "file", config: { operation: "read", path: "letter.txt" } },
      { id: "copy", type: "file", config: { operation: "write", path: "copy.txt", content: "{{ read.output }}" } },
      { id: "end", type: "end", config: { output: "{{ read.output }}" } },
    ]),
  );
  expect(ended.status).toBe("completed");
  expect(readFileSync(join(store.files, "copy.txt"), "utf8")).toBe(text);
  expect(await engine.read(ended.id, ended.output)).toBe(text);
});
