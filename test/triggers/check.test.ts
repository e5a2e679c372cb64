import { describe, expect, it } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import { isPathMeant } from "@shared/base/path-pattern";

function said(trigger: string, more = ""): readonly string[] {
  const text = `id: w\nversion: 1.0.0\npurpose: Keep things going\nname: W\ntriggers:\n  - ${trigger}\n${more}components:\n  - {id: log_it, type: log}\n`;
  return check(readWorkflow(text, "yaml"))
    .filter(({ place }) => place.path?.[0] === "triggers")
    .map(({ severity, place, message }) => `${severity} ${place.line}:${place.column} ${message}`);
}

describe("what check says of triggers", () => {
  it.each([
    ['{type: schedule, cron: "0 6 * * *", timezone: Africa/Nairobi, missed: run_once}', []],
    ["{type: schedule}", ["error 6:5 The schedule trigger needs cron."]],
    [
      '{type: schedule, cron: "0 6 * *"}',
      ["error 6:28 cron has five parts (minute hour day month weekday), six with seconds first; this one has 4."],
    ],
    ['{type: schedule, cron: "61 6 * * *"}', ["error 6:28 cron cannot be read: Invalid value for minute: 61."]],
    [
      '{type: schedule, cron: "0 6 * * *", timezone: Africa/Nairoby}',
      ["error 6:51 There is no time zone Africa/Nairoby; did you mean Africa/Nairobi?"],
    ],
    ['{type: schedule, cron: "@daily", missed: often}', ["error 6:46 missed is one of skip, run_once, run_all."]],
    ["{type: shedule}", ["error 6:12 A trigger's type is one of manual, schedule, webhook, apg_event, file."]],
    ["{type: apg_event, event_pattern: user.created, filter: {a: 1, b: {c: x}}}", []],
    [
      '{type: apg_event, event_pattern: user.created, filter: "event.a >"}',
      [expect.stringContaining("error 6:60 filter: ")],
    ],
    ["{type: apg_event, event_pattern: user created}", [expect.stringContaining("error 6:38 event_pattern is")]],
    ["{type: webhook, path: a b}", [expect.stringContaining("error 6:27 path is made of letters")]],
    [
      '{type: webhook, path: in, signature: {secret: "{{ secrets.KEY }}"}}\n  - {type: webhook, path: /in/, signature: {secret: "{{ secrets.KEY }}"}}',
      ["error 7:27 Trigger 1 of this workflow answers POST /in already."],
    ],
    [
      "{type: webhook, path: in}",
      ["info 6:27 Whoever reaches this address starts the workflow; a signature says who may."],
    ],
    ["{type: schedule, cron: '@daily', timezon: UTC}", ["warning 6:38 A schedule trigger has no timezon: timezone?"]],
    ["{type: manual, cron: '@daily'}", ["warning 6:20 A manual trigger has no cron."]],
    ["{type: file, path: inbox, pattern: ../x}", [expect.stringContaining("error 6:40 pattern is of paths")]],
    ["{type: manual, overlap: quue}", ["error 6:29 overlap is one of parallel, queue, skip, cancel_previous."]],
    ['{type: manual, input: "{{ order }}"}', ["error 6:31 Only event and env are known here, not order."]],
  ])("%s", (trigger, expected) => {
    expect(said(trigger)).toEqual(expected);
  });

  it("parameters that a start would lack", () => {
    const parameters = "parameters:\n  url: {type: string}\n  size: {type: integer, default: 3}\n";
    expect(said("{type: manual}", parameters)).toEqual([
      "warning 6:5 What this trigger starts is refused without url; give it under parameters.",
    ]);
    expect(said('{type: manual, parameters: {url: "{{ event.url }}"}}', parameters)).toEqual([]);
    expect(said("{type: manual, parameters: {url: x, seize: 1}}", parameters)).toEqual([
      "error 6:41 The workflow has no parameter seize.",
    ]);
  });
});

it("patterns of paths", () => {
  const meant = (pattern: string): readonly string[] =>
    ["a.csv", "b.txt", "in/a.csv", "in/deep/a.csv"].filter((path) => isPathMeant(pattern, path));
  expect(meant("*.csv")).toEqual(["a.csv"]);
  expect(meant("**/*.csv")).toEqual(["a.csv", "in/a.csv", "in/deep/a.csv"]);
  expect(meant("in/**")).toEqual(["in/a.csv", "in/deep/a.csv"]);
  expect(meant("*")).toEqual(["a.csv", "b.txt"]);
});
