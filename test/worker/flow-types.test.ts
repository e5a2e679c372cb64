import { describe, expect, it } from "vitest";
import { errorOf, outputOf, perform, taskOf } from "./task";

describe("decision and switch", () => {
  const cases = [
    { id: "a", condition: false },
    { id: "b", condition: true },
    { id: "c", condition: true },
  ];

  it("choose the first case that holds", async () => {
    expect(await perform(taskOf("decision", { cases, default: "d" }, { n: 1 }))).toEqual({
      kind: "completed",
      output: { case: "b", value: { n: 1 } },
      chosen: "b",
      facts: "b",
    });
    const equals = [
      { id: "one", equals: 1 },
      { id: "obj", equals: { x: 1, y: [2] } },
    ];
    expect(await perform(taskOf("switch", { value: { y: [2], x: 1.0 }, cases: equals }))).toMatchObject({
      chosen: "obj",
    });
  });

  it("fall back on the default, and without one fail", async () => {
    expect(await perform(taskOf("decision", { cases: [], default: "d" }))).toMatchObject({ chosen: "d" });
    expect(
      await perform(taskOf("switch", { value: 5, cases: [{ id: "one", equals: "5" }], default: "d" })),
    ).toMatchObject({ chosen: "d" });
    expect(await errorOf("decision", { cases: [{ id: "a", condition: false }] })).toMatchObject({
      type: "validation_error",
    });
    expect(await errorOf("switch", { value: 5, cases: [] })).toMatchObject({ type: "validation_error" });
  });

  it("refuse conditions that are neither true nor false", async () => {
    expect(await errorOf("decision", { cases: [{ id: "a", condition: "yes" }] })).toMatchObject({
      place: "config.cases[0].condition",
    });
  });
});

describe("merge", () => {
  const left = [{ id: 1, a: "l1" }, { id: 2, a: "l2" }, { a: "no key" }];
  const right = [
    { id: 2, b: "r2" },
    { id: 2, b: "r2b", a: "wins" },
    { id: 3, b: "r3" },
  ];

  it("gives an object by predecessor, or appends", async () => {
    expect(await outputOf("merge", { mode: "all" }, { left, right })).toEqual({ left, right });
    expect(await outputOf("merge", { combine: "append" }, { left, right, one: 5 })).toEqual([...left, ...right, 5]);
    expect(await outputOf("merge", { combine: "append" }, null)).toEqual([]);
  });

  it("joins by a field", async () => {
    const matched = [
      { id: 2, a: "l2", b: "r2" },
      { id: 2, a: "wins", b: "r2b" },
    ];
    expect(await outputOf("merge", { combine: "join_by", join_by: "id", join_type: "inner" }, { left, right })).toEqual(
      matched,
    );
    expect(await outputOf("merge", { join_by: ["id"], join_type: "left" }, { left, right })).toEqual([
      left[0],
      ...matched,
      left[2],
    ]);
    expect(await outputOf("merge", { join_by: "id" }, { left, right })).toEqual([
      left[0],
      ...matched,
      left[2],
      right[2],
    ]);
  });

  it("refuses unknown ways, and a join without a field", async () => {
    expect(await errorOf("merge", { combine: "stack" }, {})).toMatchObject({ place: "config.combine" });
    expect(await errorOf("merge", { combine: "join_by" }, { left })).toMatchObject({ place: "config.join_by" });
    expect(await errorOf("merge", { join_by: "id", join_type: "outer" }, { left })).toMatchObject({
      place: "config.join_type",
    });
    expect(await errorOf("merge", { join_by: "id" }, { left: [1], right })).toMatchObject({ type: "validation_error" });
  });
});

describe("start, end and log", () => {
  it("pass the input on, or give an output", async () => {
    expect(await perform(taskOf("start", { trigger_type: "manual" }, { a: 1 }))).toMatchObject({
      output: { a: 1 },
      facts: "manual",
    });
    expect(await outputOf("end", {}, { a: 1 })).toEqual({ a: 1 });
    expect(await outputOf("end", { output: [1] }, { a: 1 })).toEqual([1]);
  });

  it("say how the workflow ends", async () => {
    expect(await perform(taskOf("end", { status: "completed_with_warnings" }))).toMatchObject({
      kind: "completed",
      warnings: [expect.any(String)],
    });
    expect(await errorOf("end", { status: "failed" })).toMatchObject({ type: "component_error" });
    expect(await errorOf("end", { status: "well" })).toMatchObject({ place: "config.status" });
  });

  it("write a line", async () => {
    expect(await perform(taskOf("log", { message: "hi", level: "warning" }))).toMatchObject({
      output: null,
      logs: [{ level: "warning", message: "hi" }],
    });
    expect(await perform(taskOf("log", {}, { n: 1 }))).toMatchObject({ logs: [{ level: "info", message: '{"n":1}' }] });
    expect(await errorOf("log", { level: "loud" })).toMatchObject({ place: "config.level" });
  });
});
