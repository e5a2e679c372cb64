import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import type { Json } from "@shared/base/json";
import { usage } from "./exit";

/** Text files above this are refused before they are read: no workflow or input typed by hand is that large. */
const TEXT_LIMIT = 20 * 1024 * 1024;
const INPUT_LIMIT = 256 * 1024 * 1024;

/**
 * A text file's content, byte-order mark kept.
 *
 * @throws Stop with a sentence when there is no such file, it is a folder, too large or binary.
 */
export async function readText(file: string, limit: number = TEXT_LIMIT): Promise<string> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw usage(
      cause.code === "ENOENT"
        ? `${file}: there is no such file.`
        : `${file}: cannot be read (${cause.code ?? cause.message}).`,
    );
  });
  if (found.isDirectory()) throw usage(`${file}: is a folder; name a file in it.`);
  if (!found.isFile()) throw usage(`${file}: is no regular file.`);
  if (found.size > limit)
    throw usage(`${file}: has ${megabytes(found.size)}, more than the ${megabytes(limit)} that are read.`);
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw usage(`${file}: cannot be read (${cause.code ?? cause.message}).`);
  });
  const line = bytes.indexOf(0);
  if (line >= 0) throw usage(`${file}:1:1: is a binary file, not text.`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usage(`${file}: is not UTF-8 text; save it as UTF-8.`);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

/** Whether a file is a bundle, by its first bytes (a zip's). */
export async function isArchive(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } catch {
    return false; // a folder or device: the caller says what is wrong with it
  } finally {
    await handle.close();
  }
}

/** The JSON of `--input FILE`, or of standard input for `-`; a pipe, such as the shell's `<(…)`, is read to its end. */
export async function readInput(from: string): Promise<Json> {
  const text = await inputText(from);
  const name = from === "-" ? "standard input" : from;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch (cause) {
    throw usage(`${place(name, text, cause)}: is no JSON; an input is a JSON document.`);
  }
}

async function inputText(from: string): Promise<string> {
  if (from === "-") return wholeOf(process.stdin);
  const isPipe = (await stat(from).catch(() => undefined))?.isFIFO() === true;
  return isPipe ? wholeOf(createReadStream(from)) : readText(from, INPUT_LIMIT);
}

/** `file:line:column` of a JSON syntax error, as far as the parser tells. */
function place(name: string, text: string, cause: unknown): string {
  const position = cause instanceof Error ? /position (\d+)/.exec(cause.message)?.[1] : undefined;
  if (position === undefined) return name;
  const before = text.slice(0, Number(position)).split("\n");
  return `${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

async function wholeOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `KEY=VALUE` lines of an `--env FILE`; `#` comments, quotes as in other tools. */
export async function readEnvironment(file: string): Promise<{ readonly [name: string]: string }> {
  const { parseEnv } = await import("node:util");
  return parseEnv(await readText(file)) as { readonly [name: string]: string };
}
