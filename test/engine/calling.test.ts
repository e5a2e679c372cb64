import { expect, it } from "vitest";
import { definitionsOf } from "../../src-main/compose/definitions";
import { Library } from "../../src-main/library/library";
import { bench, workflow } from "./running";

const child = (version: string): string =>
  `id: shipping\nversion: ${version}\ncomponents:\n  - {id: send, type: end, config: {output: "{{ input_data.order }}"}}\n`;

it.each([
  ["^1.2.0", true],
  ["1.4.0", true],
  [">=1 <2", true],
  ["*", true],
  ["^2.0.0", false],
  ["~1.3.0", false],
  ["no range", false],
])("a workflow_call of version %s finds 1.4.0: %s", async (version, isFound) => {
  const host = bench();
  const library = new Library(host.store.workflows);
  library.create(child("1.4.0"), "yaml", "import");
  const ended = await host.run(
    workflow([{ id: "ship", type: "workflow_call", config: { workflow_id: "shipping", version } }]),
    { definitions: definitionsOf(library), input: { order: 7 } },
  );
  if (isFound) expect(ended).toMatchObject({ status: "completed", json: 7 });
  else {
    expect(ended).toMatchObject({ status: "failed", error: { type: "not_found", component: "ship" } });
    expect(ended.error?.message).toContain(`shipping of version ${version}`);
  }
});
