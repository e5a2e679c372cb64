import { expect, it } from "vitest";
import { freshStore } from "./folder";

const RULE = { failureThreshold: 2, recoveryMs: 60_000, halfOpenCalls: 1, minimumRequests: 2, windowMs: 60_000 };
const DAY = 86_400_000;
const BEGUN = 1_700_000_000_000;

it("breakers that are closed or without an environment go when nothing was counted for a day", async () => {
  const store = freshStore();
  const count = (key: string, failures: number, more: { environment?: string; windowMs?: number } = {}): void => {
    const { environment, windowMs = RULE.windowMs } = more;
    const about = {
      key,
      workflowId: "w",
      component: "call",
      rule: { ...RULE, windowMs },
      admittedAt: BEGUN,
      at: BEGUN,
    };
    const of = environment === undefined ? {} : { environment };
    const result = { kind: "failed", error: { type: "server_error", message: "500" } } as const;
    for (let n = 0; n < failures; n += 1) store.breakers.apply({ ...about, ...of, result });
  };
  count("closed@prod", 1, { environment: "prod" });
  count("open@prod", 2, { environment: "prod" });
  count("patient@prod", 1, { environment: "prod", windowMs: 3 * DAY });
  count("closed", 1);
  count("open", 2);
  const keys = (): readonly string[] => store.breakers.list(BEGUN).map(({ key }) => key);
  await store.reader.purge(0, undefined, BEGUN + DAY);
  expect(keys()).toHaveLength(5);
  await store.reader.purge(0, undefined, BEGUN + DAY + 1);
  expect(keys()).toEqual(["open@prod", "patient@prod"]);
  await store.reader.purge(0, undefined, BEGUN + 3 * DAY + 1);
  expect(keys()).toEqual(["open@prod"]);
});
