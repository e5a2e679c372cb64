import { describe, expect, it } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

const findings = (config: string, type = "wait"): readonly string[] =>
  check(readWorkflow(`id: w\ncomponents:\n  - id: pause\n    type: ${type}\n    config: ${config}\n`, "yaml"))
    .filter(({ rule }) => rule.startsWith("wait-"))
    .map(({ message }) => message);

describe("a wait that cannot be", () => {
  it.each([
    ["{}", /takes one of duration, until and event; it has none of them/],
    ["{duration: 5, event: a}", /it has duration and event/],
    ["{duration: soon}", /"soon" is no duration/],
    ["{until: tomorrow}", /"tomorrow" is no moment/],
    ["{event: a, timeout: ages}", /"ages" is no duration/],
    ["{event: a, filter: 'event.n >'}", /The filter cannot be read/],
  ])("is told: %s", (config, says) => {
    expect(findings(config)).toEqual([expect.stringMatching(says)]);
  });

  it("is told of tasks and branches too", () => {
    expect(findings("{form: {}, deadline: ages}", "human_task")).toEqual([expect.stringMatching(/neither a duration/)]);
    expect(findings("{branches: [{id: a, timeout: ages, components: []}]}", "parallel")).toEqual([
      expect.stringMatching(/"ages" is no duration/),
    ]);
  });

  it("is not told of what can be, nor of what only shows when it runs", () => {
    for (const config of ["{duration: 1h30m}", "{until: 2026-03-01T06:00:00Z}", "{event: 'a.*', filter: event.n > 1}"])
      expect(findings(config)).toEqual([]);
    expect(findings('{duration: "{{ input_data.pause }}"}')).toEqual([]);
  });
});
