import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { pipeline as piped } from "node:stream/promises";
import zlib from "node:zlib";
import type { Json } from "@shared/base/json";
import type { Bytes } from "@shared/base/units";
import { invalid, refuse } from "../behaviour";
import { Room } from "../heavy";
import type { ResponseType } from "./settings";

/** What this studio can unpack, as `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

/**
 * Reads a body to its end, unpacked, and refuses one that is longer than `maxBytes` (unpacked, too).
 *
 * @param announced what the server says of its length; the client holds it to that.
 */
export async function readBody(
  body: AnswerBody,
  encoding: string | undefined,
  announced: string | undefined,
  maxBytes: Bytes,
  where: string,
): Promise<Buffer> {
  if (encoding === undefined && announced !== undefined && Number(announced) <= Math.min(maxBytes, AT_ONCE))
    return Buffer.from(await body.arrayBuffer());
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bounded(body, encoding, maxBytes, where)) {
    length += chunk.length;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

/** The body of an answer as it comes. */
export type AnswerBody = Readable & { arrayBuffer(): Promise<ArrayBuffer> };

/** Up to this length a body is taken whole, which is quicker. */
const AT_ONCE: Bytes = 1024 * 1024;

/** Writes a body to `file` as it comes, unpacked; gives back the SHA-256 of what was written, in hexadecimal. */
export async function saveBody(
  body: Readable,
  encoding: string | undefined,
  maxBytes: Bytes,
  where: string,
  file: string,
  progress: (written: Bytes) => void,
): Promise<string> {
  const digest = createHash("sha256");
  let written = 0;
  await piped(
    bounded(body, encoding, maxBytes, where),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        digest.update(chunk);
        progress((written += chunk.length));
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  return digest.digest("hex");
}

/** The beginning of a body that is read for what it says of a failure; the rest is not waited for. */
export async function excerptOf(body: Readable, encoding: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unpacked(body, encoding) as AsyncIterable<Buffer>) {
      length += chunk.length;
      chunks.push(chunk);
      if (length > EXCERPT) break;
    }
  } catch {
    // The status is the failure that matters; an explanation that breaks off changes nothing about it.
  }
  body.destroy();
  return Buffer.concat(chunks, length);
}

const EXCERPT: Bytes = 64 * 1024;

async function* bounded(
  body: Readable,
  encoding: string | undefined,
  maxBytes: Bytes,
  where: string,
): AsyncGenerator<Buffer> {
  let length = 0;
  const plain = unpacked(body, encoding);
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      plain.destroy();
      body.destroy();
      refuse({
        type: "resource_limit_exceeded",
        message: `${where} sent more than ${Math.round((maxBytes / 1024 / 1024) * 100) / 100} MB.`,
        place: "config.max_response_mb",
      });
    }
    yield chunk;
  }
}

function unpacked(body: Readable, encoding: string | undefined): Readable {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      // A packed body that ends early is a failure, not a shorter answer.
      return through(body, zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH }));
    case "deflate":
      return through(body, zlib.createInflate());
    case "br":
      return through(body, zlib.createBrotliDecompress());
    default:
      return body;
  }
}

function through(body: Readable, unpack: zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress): Readable {
  // Whoever reads `unpack` sees a failure of either stream as its own.
  pipeline(body, unpack, () => undefined);
  return unpack;
}

/** The body as a JSON value, for which there must be `room`. An empty one is null. */
export function decodeBody(
  bytes: Buffer,
  type: ResponseType,
  contentType: string,
  where: string,
  room: Room = new Room(),
): Json {
  const kind = contentType.split(";", 1)[0]!.trim().toLowerCase();
  switch (type) {
    case "bytes":
      return base64Of(bytes, where, room);
    case "text":
      return heldText(bytes, contentType, where, room);
    case "json":
      return bytes.length === 0 ? null : parse(textOf(bytes, contentType), where, room);
    case "auto":
      if (bytes.length === 0) return null;
      if (kind === "application/json" || kind.endsWith("+json")) return parse(textOf(bytes, contentType), where, room);
      if (kind === "" || kind.startsWith("text/") || /xml|javascript|x-www-form-urlencoded|ndjson|yaml/.test(kind))
        return heldText(bytes, contentType, where, room);
      return base64Of(bytes, where, room);
  }
}

function heldText(bytes: Buffer, contentType: string, where: string, room: Room): string {
  room.takeText(bytes.length, where);
  return textOf(bytes, contentType);
}

function base64Of(bytes: Buffer, where: string, room: Room): string {
  room.takeText(Math.ceil(bytes.length / 3) * 4, where);
  return bytes.toString("base64");
}

function textOf(bytes: Buffer, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase();
  const text = charset === "iso-8859-1" || charset === "latin1" ? bytes.toString("latin1") : bytes.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parse(text: string, where: string, room: Room): Json {
  room.take(text, where);
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    return refuse(
      invalid(`${where} sent a body that is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`),
    );
  }
}
