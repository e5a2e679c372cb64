import { expect, it } from "vitest";
import type { Kept } from "@shared/execution/work";
import { writtenAhead } from "../../src-main/engine/ahead";
import type { Course, SessionRooms } from "../../src-main/engine/course";

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
