import { describe, expect, it } from "vitest";
import { everythingIn } from "./on-disk";
import { bench, workflow } from "./running";

const SECRET = "tok-9f8e7d6c5b4a";

describe("secrets of the workspace", () => {
  it("are looked up when a component is carried out, and never journalled", async () => {
    const made = bench();
    made.store.secrets.set({ API_TOKEN: SECRET });
    const ended = await made.run(
      workflow(
        [
          { id: "whole", type: "code", config: { source: "return input", input: "{{ secrets.API_TOKEN }}" } },
          { id: "shape", type: "map", config: { records: [{ a: 1 }], computed_fields: { b: "1" } } },
          {
            id: "header",
            type: "validate",
            config: { records: [{ auth: "Bearer {{ secrets.API_TOKEN }}" }], schema: { type: "object" } },
          },
        ],
        {
          outputs: {
            header: "{{ header.output }}",
            known: "{{ header.output.valid[0].auth == 'Bearer ' + secrets['API_TOKEN'] }}",
          },
        },
      ),
    );
    expect(ended.error).toBeUndefined();
    expect(ended.status).toBe("completed");
    expect(JSON.stringify(ended.json)).toContain("[REDACTED]");
    expect(JSON.stringify(ended.json)).not.toContain(SECRET);
    expect(everythingIn(made.folder).includes(SECRET)).toBe(false);
  });

  it("that are missing say so, with the nearest name", async () => {
    const made = bench();
    made.store.secrets.set({ API_TOKEN: SECRET });
    for (const text of ["{{ secrets.API_TOKN }}", "Bearer {{ secrets.API_TOKN }}"]) {
      const ended = await made.run(
        workflow([{ id: "a", type: "validate", config: { records: [{ a: text }], schema: {} } }]),
      );
      expect(ended.error?.type).toBe("expression_error");
      expect(ended.error?.message).toContain("no secret API_TOKN. Did you mean API_TOKEN?");
    }
  });

  it("may be absent where a default is given", async () => {
    const made = bench();
    const ended = await made.run(
      workflow([{ id: "a", type: "map", config: { records: [{}], computed_fields: {} } }], {
        outputs: { a: "{{ default(secrets.NONE, 'none') }}" },
      }),
    );
    expect(ended.json).toEqual({ a: "none" });
  });

  it("are new in the next attempt once rotated, and gone once deleted", async () => {
    const made = bench();
    const w = workflow([{ id: "a", type: "map", config: { records: [{}], computed_fields: {} } }], {
      outputs: { a: "{{ secrets.S == 'two-two-two' }}" },
    });
    made.store.secrets.set({ S: "one-one-one" });
    expect((await made.run({ ...w, outputs: { a: "{{ size(secrets.S) }}" } })).json).toEqual({ a: "[REDACTED]" });
    made.store.secrets.delete("S");
    expect((await made.run(w)).error?.message).toContain("no secret S");
    made.store.secrets.restore("S");
    expect((await made.run(w)).status).toBe("completed");
  });

  it("are refused to a workflow whose permissions list others", async () => {
    const made = bench();
    made.store.secrets.set({ MINE: "mine-mine", YOURS: "yours-yours" });
    const run = (name: string, text: string) =>
      made.run(
        workflow([{ id: "a", type: "validate", config: { records: [{ a: text }], schema: {} } }], {
          permissions: { resource_access: { secrets: ["MINE"] } },
          outputs: { a: name },
        }),
      );
    expect((await run("x", "{{ secrets.MINE }}")).status).toBe("completed");
    for (const text of ["{{ secrets.YOURS }}", "x{{ secrets.YOURS }}"]) {
      const ended = await run("x", text);
      expect(ended.error?.type).toBe("authorization_error");
      expect(ended.error?.message).toContain("resource_access.secrets names MINE");
    }
  });
});
