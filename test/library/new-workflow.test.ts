import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ID_PATTERN } from "../../src-shared/base/ids";
import { readWorkflow } from "../../src-shared/workflow/file";
import { idFor, newWorkflowText } from "../../src-renderer/library/new-workflow";

describe("a new workflow", () => {
  it("takes its id from its name", () => {
    expect(idFor("Order Fulfilment")).toBe("order_fulfilment");
    expect(idFor("  Übergröße 2! ")).toBe("ubergro_e_2");
    expect(idFor("7 steps")).toBe("workflow_7_steps");
    expect(idFor("…")).toBe("workflow");
  });

  it("reads back with the name and purpose it was given, whatever they are", () => {
    const line = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .filter((text) => text.trim() !== "" && !/[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u.test(text));
    fc.assert(
      fc.property(line, line, (name, purpose) => {
        const { workflow } = readWorkflow(newWorkflowText(name, purpose), "yaml");
        expect(workflow?.name).toBe(name.trim());
        expect(workflow?.purpose).toBe(purpose.trim());
        expect(workflow?.id).toMatch(ID_PATTERN);
      }),
    );
  });
});
