import type { Rule } from "./subject";

/** What is written in another than the canonical place. */
export const aliases: Rule = (subject) => {
  for (const note of subject.notes)
    subject.report(note.rule, note.severity, note.path, note.message, { at: "key", fix: note.fix });
  const { document } = subject;
  if (document.layout?.kind !== "workflow") return;
  for (const [key, spelled] of Object.entries(document.layout.spelled)) {
    const place = document.keyPlace([key]);
    if (place === undefined) continue;
    const from = document.lines.offset(place.line, place.column);
    const to = document.lines.offset(place.endLine, place.endColumn);
    const written = document.text.slice(from, to).replace(spelled, key);
    subject.report("canonical-place", "info", [key], `${spelled} is read as ${key}.`, {
      at: "key",
      fix: { title: `Write ${key}`, edit: { kind: "text", from, to, insert: written } },
    });
  }
};
