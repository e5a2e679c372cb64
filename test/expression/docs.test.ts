import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { functionTable } from "@shared/expression/docs";

test("docs/expressions.md lists every function as the code has it", () => {
  expect(readFileSync("docs/expressions.md", "utf8")).toContain(functionTable());
});
