import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { usage } from "./exit";

/** A text that must not show: asked for without echo on a terminal, else all of standard input but its last line end. */
export async function hiddenText(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks)
      .toString("utf8")
      .replace(/\r?\n$/, "");
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Asked once the terminal echoes nothing: somebody quick would see the beginning of what is typed.
  process.stderr.write(question);
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

/** `NAME=value` texts as pairs. */
export function pairsOf(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1 || text.slice(0, at) === "__proto__") throw usage(`${text}: is no NAME=value.`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
}
