import { beforeEach, describe, expect, it } from "vitest";
import { Timers } from "../../src-main/engine/timers";
import { FakeClock } from "./fake-clock";

let clock: FakeClock;
let timers: Timers;
let fired: number[];
beforeEach(() => {
  clock = new FakeClock(0);
  timers = new Timers(clock);
  fired = [];
  timers.set("limit", { due: 100, absolute: false, fire: () => fired.push(clock.now()) });
});

describe("a timer that stands still", () => {
  it("goes on with what was left", () => {
    clock.pass(60);
    timers.stand("limit", true);
    clock.pass(500);
    expect([fired, timers.nextDue]).toEqual([[], undefined]);
    timers.stand("limit", false);
    clock.pass(100);
    expect(fired).toEqual([600]);
  });

  it.each([
    ["before all stand still and goes on after them", ["stand", "hold", "go", "on"]],
    ["before all stand still and goes on meanwhile", ["stand", "hold", "on", "go"]],
    ["while all stand still and goes on after them", ["hold", "stand", "go", "on"]],
    ["while all stand still and goes on meanwhile", ["hold", "stand", "on", "go"]],
  ])("%s: no moment counts twice", (_name, steps) => {
    const did: { readonly [step: string]: () => void } = {
      stand: () => timers.stand("limit", true),
      on: () => timers.stand("limit", false),
      hold: () => timers.hold(true),
      go: () => timers.hold(false),
    };
    for (const step of steps) {
      did[step]?.();
      clock.pass(1000);
    }
    // It stood from the first step to the last, and the thousand after that are its own.
    expect(fired).toEqual([3100]);
  });
});
