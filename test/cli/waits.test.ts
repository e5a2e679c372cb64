import { expect, it } from "vitest";
import { Waits } from "../../src-main/cli/waits";
import { bench, workflow } from "../engine/running";

it("each wait is told of once, with until when and what ends it", async () => {
  const { engine, start } = bench();
  const id = start(
    workflow(
      [
        { id: "nap", type: "wait", config: { duration: "2h" } },
        { id: "blink", type: "wait", config: { duration: "10ms" } },
        { id: "paid", type: "wait", config: { event: "order.*" } },
        { id: "ask", type: "human_task", config: { form: { type: "object" }, deadline: "3d", assignee: "ada" } },
        {
          id: "fetch",
          type: "http_request",
          config: { url: "http://127.0.0.1:1/" },
          retry_policy: { max_attempts: 2, initial_delay_ms: 60_000, max_delay_ms: 60_000, jitter: false },
        },
      ],
      { connections: [] },
    ),
  );
  const waits = new Waits();
  const lines: string[] = [];
  for await (const item of engine.follow(id)) {
    lines.push(...waits.take(item));
    if (lines.length >= 4) break;
  }
  const moment = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
  expect([...lines].sort()).toEqual([
    expect.stringMatching(
      new RegExp(
        `^waiting {4}ask {2}for a person \\(ada\\) {2}until ${moment} \\(3 d 0 h\\): apg tasks answer ${id} ask$`,
      ),
    ),
    expect.stringMatching(new RegExp(`^waiting {4}fetch {2}for attempt 2 {2}until ${moment} `)),
    expect.stringMatching(new RegExp(`^waiting {4}nap {2}until ${moment} \\(2 h 0 min\\)$`)),
    "waiting    paid  for an event order.*: apg emit TYPE",
  ]);
  // Followed anew, as when it is resumed: what is over is no wait any more.
  const again = new Waits();
  for await (const item of engine.follow(id)) {
    const told = again.take(item);
    expect(told.every((line) => !line.includes("blink"))).toBe(true);
    if (told.length > 0) break;
  }
});
