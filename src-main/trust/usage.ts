import { literally } from "@shared/base/pattern";

/** A text that may use secrets and connections. */
export interface UsingText {
  readonly id: string;
  readonly text: string;
}

/** The ids of the workflows whose text names the secret. */
export function usesSecret(texts: readonly UsingText[], name: string): readonly string[] {
  const quoted = literally(name);
  const uses = new RegExp(`\\bsecrets\\s*(?:\\.\\s*${quoted}\\b|\\[\\s*['"]${quoted}['"])`);
  return texts.filter(({ text }) => text.includes(name) && uses.test(text)).map(({ id }) => id);
}

/** The ids of the workflows whose text names the connection: as `connection`, or among `channels`. */
export function usesConnection(texts: readonly UsingText[], name: string): readonly string[] {
  const quoted = literally(name);
  const uses = new RegExp(`\\bconnection["']?\\s*:\\s*["']?${quoted}["'\\s,}]`);
  const among = new RegExp(`channels["']?\\s*:[^:]*?(?:^|[\\s,["'-])${quoted}(?:$|[\\s,\\]"'])`, "m");
  return texts
    .filter(({ text }) => text.includes(name) && (uses.test(`${text}\n`) || among.test(text)))
    .map(({ id }) => id);
}
