import { expect, it } from "vitest";
import { ok } from "@shared/base/result";
import type { Erased } from "@shared/contract/privacy";
import { Erasing } from "../../src-renderer/settings/erasing.svelte";

const FOUND: Erased = { executions: 1, cached: 0, events: 0, underWay: 0, elsewhere: 0, isOverwritten: true };

it("what was counted for another value removes nothing", async () => {
  const asked: { readonly value: string; readonly isTrial: boolean }[] = [];
  let answer: (report: Erased) => void = () => undefined;
  const erasing = new Erasing((given) => {
    asked.push(given);
    return new Promise((resolve) => (answer = (report) => resolve(ok(report))));
  });
  erasing.value = "ada@example.com";
  const counting = erasing.count();
  erasing.value = "bob@example.com";
  erasing.changed();
  answer(FOUND);
  await counting;
  expect(erasing.stage.kind).toBe("asked");
  erasing.again = "bob@example.com";
  await erasing.erase();
  const recounting = erasing.count();
  answer(FOUND);
  await recounting;
  erasing.again = "bob@example.com";
  const done = erasing.erase();
  answer(FOUND);
  await done;
  expect(erasing.stage.kind).toBe("erased");
  expect(asked.map(({ value, isTrial }) => [value, isTrial])).toEqual([
    ["ada@example.com", true],
    ["bob@example.com", true],
    ["bob@example.com", false],
  ]);
});
