import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdit } from "@shared/workflow/apply";
import type { Edit } from "@shared/workflow/edit";
import { readWorkflow } from "@shared/workflow/file";
import { EMPTY_HISTORY, record, redo, undo } from "@shared/workflow/history";
import { documents, edits, samples } from "./texts";

const RUNS = { numRuns: 500 };

describe("an edit", () => {
  test("is taken back to the last character", () => {
    fc.assert(
      fc.property(documents, fc.array(edits, { minLength: 1, maxLength: 5 }), (start, list) => {
        let document = start;
        const inverses: Edit[] = [];
        for (const edit of list) {
          const applied = applyEdit(document, edit);
          if (!applied.ok) continue;
          document = applied.value.document;
          inverses.unshift(applied.value.inverse);
        }
        for (const inverse of inverses) {
          const back = applyEdit(document, inverse);
          if (!back.ok) throw new Error("an inverse was refused");
          document = back.value.document;
        }
        expect(document.text).toBe(start.text);
      }),
      RUNS,
    );
  });

  test("says the same in YAML as in JSON", () => {
    fc.assert(
      fc.property(documents, edits, (yaml, edit) => {
        const json = readWorkflow(JSON.stringify(yaml.view), "json");
        const [a, b] = [applyEdit(yaml, edit), applyEdit(json, edit)];
        expect(a.ok ? a.value.document.view : a.problem).toEqual(b.ok ? b.value.document.view : b.problem);
      }),
      RUNS,
    );
  });

  test("that only adds keeps every comment and every line", () => {
    const adding = edits.filter(({ kind }) => kind === "add-component" || kind === "connect" || kind === "paste");
    const styles = documents.filter(({ format, text }) => format === "yaml" && !text.includes("components: ["));
    fc.assert(
      fc.property(styles, adding, (document, edit) => {
        const applied = applyEdit(document, edit);
        if (!applied.ok) return;
        const left = applied.value.document.text.split("\n").map((line) => line.trim());
        let from = 0;
        for (const line of document.text.split("\n")) {
          const at = left.indexOf(line.trim(), from);
          expect(at, `${line} is gone`).toBeGreaterThanOrEqual(0);
          from = at + 1;
        }
      }),
      RUNS,
    );
  });

  test("that says what is there already changes nothing", () => {
    for (const { text, format } of samples) {
      const document = readWorkflow(text, format);
      const same = applyEdit(document, { kind: "merge", value: document.view! });
      expect(same.ok && same.value.document.text).toBe(text);
    }
  });

  test("keeps the text's line ends", () => {
    fc.assert(
      fc.property(edits, (edit) => {
        const applied = applyEdit(readWorkflow(samples[4]!.text, "yaml"), edit);
        if (applied.ok) expect(applied.value.document.text.replaceAll("\r\n", "")).not.toContain("\n");
      }),
      RUNS,
    );
  });
});

test("undo and redo walk through every text there was", () => {
  fc.assert(
    fc.property(documents, fc.array(edits, { maxLength: 6 }), (start, list) => {
      let document = start;
      let history = EMPTY_HISTORY;
      const texts = [start.text];
      list.forEach((edit, index) => {
        const applied = applyEdit(document, edit);
        if (!applied.ok || applied.value.document.text === document.text) return;
        history = record(history, document, applied.value.document, { title: edit.kind, at: index * 10_000 });
        document = applied.value.document;
        texts.push(document.text);
      });
      for (const text of texts.slice(0, -1).reverse()) {
        ({ document, history } = undo(history, document)!);
        expect(document.text).toBe(text);
      }
      expect(undo(history, document)).toBeUndefined();
      for (const text of texts.slice(1)) {
        ({ document, history } = redo(history, document)!);
        expect(document.text).toBe(text);
      }
      expect(redo(history, document)).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});
