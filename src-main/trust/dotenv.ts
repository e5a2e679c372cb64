import { parseEnv } from "node:util";

/** What a `.env` text says, and the numbers of lines that say nothing one can read. */
export interface DotEnv {
  readonly values: { readonly [name: string]: string };
  readonly skipped: readonly number[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const BEGINS = /^\s*(?:export\s+)?([^=\s]+)\s*=\s*(["'`]?)/;

/** Reads `NAME=value` lines: quotes, `export`, comments and values over several lines as Node reads them. */
export function readDotEnv(text: string): DotEnv {
  const read = parseEnv(text) as { readonly [name: string]: string };
  const values = Object.fromEntries(Object.entries(read).filter(([name, value]) => NAME.test(name) && value !== ""));
  const skipped: number[] = [];
  const isPaired = new Map(["'", '"', "`"].map((mark) => [mark, text.split(mark).length > 2]));
  let quote = "";
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (quote !== "") {
      if (line.includes(quote)) quote = "";
      continue;
    }
    if (/^\s*(?:#|$)/.test(line)) continue;
    const begins = BEGINS.exec(line);
    if (begins === null || !Object.hasOwn(values, begins[1] ?? "")) {
      skipped.push(index + 1);
      continue;
    }
    const opened = begins[2] ?? "";
    if (opened !== "" && !line.slice(begins[0].length).includes(opened) && isPaired.get(opened) === true)
      quote = opened;
  }
  return { values, skipped };
}
