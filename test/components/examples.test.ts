import { describe, expect, it } from "vitest";
import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

const examples = [...catalogue.values()].flatMap((descriptor) =>
  descriptor.examples.map((example) => ({ ...example, descriptor })),
);

describe("the examples of component types", () => {
  it.each(examples)("$descriptor.type: $title checks clean", ({ yaml }) => {
    const head =
      "apg: 1\nid: example_of_a_type\nname: Example of a type\nversion: 1.0.0\npurpose: Show one component type in use\n";
    const findings = check(readWorkflow(head + yaml, "yaml"), catalogue);
    const said = findings.filter(({ severity }) => severity !== "info");
    expect(said.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });
});
