import fc from "fast-check";
import { expect, it } from "vitest";
import type { Event } from "@shared/execution/event";
import { eventsIn, JournalText } from "@shared/execution/journal-text";
import type { Value } from "@shared/execution/value";

const long = fc.constantFrom("a".repeat(64), "b".repeat(100), "c".repeat(63), '"{}[]'.repeat(20));
const { records } = fc.letrec<{ records: unknown }>((tie) => ({
  records: fc.oneof(
    { maxDepth: 3 },
    long,
    fc.integer(),
    fc.array(tie("records"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(long, fc.string()), tie("records"), { maxKeys: 4 }),
  ),
}));

it("gives back the events, however often a value occurs and however texts are joined", () => {
  const value: fc.Arbitrary<Value> = fc.oneof(
    fc.jsonValue().map((json) => ({ kind: "inline", json: json as never }) as const),
    records.map((json) => ({ kind: "inline", json: json as never }) as const),
    fc.string().map((id) => ({ kind: "sensitive", id }) as const),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 5 }),
      fc.array(fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.boolean()), { maxLength: 6 }), { maxLength: 3 }),
      (pool, writers) => {
        const of = (index: number): Value => pool[index % pool.length] as Value;
        const groups = writers.map((writer) =>
          writer.map(([input, config, ends]): Event =>
            ends
              ? { kind: "attempt-completed", at: 1, path: "a", attempt: 1, output: of(input), durationMs: 1 }
              : { kind: "component-prepared", at: 1, path: "a", run: true, input: of(input), config: of(config) },
          ),
        );
        const texts = groups.flatMap((events) => {
          const journal = new JournalText();
          return events.map((event) => journal.of(event));
        });
        expect(eventsIn(`[${texts.join(",")}]`)).toEqual(JSON.parse(JSON.stringify(groups.flat())));
      },
    ),
  );
});

it("writes a long text once a row", () => {
  const journal = new JournalText();
  const text = "long ".repeat(100);
  const row = [1, 2, 3]
    .map((n) =>
      journal.of({
        kind: "attempt-completed",
        at: 1,
        path: "a",
        attempt: 1,
        output: { kind: "inline", json: [{ n, text }] },
        durationMs: 1,
      }),
    )
    .join(",");
  expect(row.split(text)).toHaveLength(2);
  expect(eventsIn(`[${row}]`)).toMatchObject([1, 2, 3].map((n) => ({ output: { json: [{ n, text }] } })));
});
