import { expect, test } from "vitest";
import { WORKFLOW_KEYS } from "@shared/workflow/layout";
import { workflowKeys } from "@shared/workflow/schema";

test("every key of a workflow has a schema, and every schema a place", () => {
  expect([...WORKFLOW_KEYS].sort()).toEqual(Object.keys(workflowKeys).sort());
});
