import fc from "fast-check";
import { expect, it } from "vitest";
import type { Event } from "@shared/execution/event";
import { eventsIn, JournalText } from "@shared/execution/journal-text";
import type { Value } from "@shared/execution/value";

it("gives back the events, however often a value occurs and however texts are joined", () => {
  const value: fc.Arbitrary<Value> = fc.oneof(
    fc.jsonValue().map((json) => ({ kind: "inline", json: json as never }) as const),
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
