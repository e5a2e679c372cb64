import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { Bytes } from "@shared/base/units";
import type { Task, TaskPlace } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { allowedPath, refuseFileError, type AllowedPath } from "../paths";
import { kindOf } from "../records/json";
import { textAt } from "./fields";

/** What a request carries. It may be sent more than once: after a redirect, or with another token. */
export interface RequestBody {
  readonly bytes: Bytes;
  /** The content type, where the workflow names none. */
  readonly contentType: string;
  open(): string | Readable;
}

const WAYS = ["body", "multipart", "body_file"] as const;

/** Reads what the config asks to send; files are opened when they are sent. */
export async function requestBodyOf(
  { config, place }: Task,
  contentType: string | undefined,
): Promise<RequestBody | undefined> {
  const given = WAYS.filter((way) => (config[way] ?? null) !== null);
  if (given.length > 1) refuse(invalid(`A request takes one of ${given.join(" and ")}.`, `config.${given[1]}`));
  switch (given[0]) {
    case undefined:
      return undefined;
    case "body":
      return textBody(config["body"]!, contentType);
    case "multipart":
      return multipart(config["multipart"]!, place);
    case "body_file": {
      const file = await fileOf(config["body_file"], place, "config.body_file");
      return { bytes: file.bytes, contentType: "application/octet-stream", open: () => contentOf(file) };
    }
  }
}

function textBody(written: Json, contentType: string | undefined): RequestBody {
  const [text, usual] =
    typeof written === "string"
      ? [written, "text/plain; charset=utf-8"]
      : isJsonObject(written) && /^application\/x-www-form-urlencoded\b/i.test(contentType ?? "")
        ? [urlEncoded(written), "application/x-www-form-urlencoded"]
        : [JSON.stringify(written), "application/json"];
  return { bytes: Buffer.byteLength(text), contentType: usual, open: () => text };
}

function urlEncoded(fields: JsonObject): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value ?? null])
      if (one !== null) pairs.append(name, typeof one === "string" ? one : JSON.stringify(one));
  }
  return pairs.toString();
}

interface SentFile {
  readonly path: AllowedPath;
  readonly bytes: Bytes;
}

async function fileOf(written: Json | undefined, place: TaskPlace, key: string): Promise<SentFile> {
  const path = await allowedPath(written, place, key);
  try {
    const found = await stat(path.absolute);
    if (!found.isFile()) refuse(invalid(`${path.written} is no file.`, key));
    return { path, bytes: found.size };
  } catch (thrown) {
    return refuseFileError(thrown, path);
  }
}

/** Exactly the bytes that were announced, though the file may grow meanwhile. */
function contentOf({ path, bytes }: SentFile): Readable {
  return bytes === 0 ? Readable.from([]) : createReadStream(path.absolute, { end: bytes - 1 });
}

interface Part {
  readonly head: Buffer;
  readonly content: Buffer | SentFile;
}

async function multipart(written: Json, place: TaskPlace): Promise<RequestBody> {
  if (!isJsonObject(written))
    return refuse(invalid(`The parts are ${kindOf(written)}; they take names and values.`, "config.multipart"));
  const boundary = `apg-${randomBytes(18).toString("hex")}`;
  const parts: Part[] = [];
  for (const [name, value] of Object.entries(written)) {
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value ?? null])
      if (one !== null) parts.push(await partOf(name, one, boundary, place));
  }
  const end = Buffer.from(`--${boundary}--\r\n`);
  const lineEnd = Buffer.from("\r\n");
  const bytes = parts.reduce(
    (sum, { head, content }) => sum + head.length + sizeOf(content) + lineEnd.length,
    end.length,
  );
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (const { head, content } of parts) {
      yield head;
      if (Buffer.isBuffer(content)) yield content;
      else yield* contentOf(content) as AsyncIterable<Buffer>;
      yield lineEnd;
    }
    yield end;
  };
  return {
    bytes,
    contentType: `multipart/form-data; boundary=${boundary}`,
    open: () => Readable.from(chunks(), { objectMode: false }),
  };
}

async function partOf(name: string, value: Json, boundary: string, place: TaskPlace): Promise<Part> {
  const key = `config.multipart.${name}`;
  if (!isJsonObject(value)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return { head: headOf(boundary, name), content: Buffer.from(text) };
  }
  const type = textAt(value, "content_type", `${key}.`);
  const filename = textAt(value, "filename", `${key}.`);
  if (value["path"] !== undefined) {
    const file = await fileOf(value["path"], place, `${key}.path`);
    const called = filename ?? basename(file.path.absolute);
    return { head: headOf(boundary, name, called, type ?? "application/octet-stream"), content: file };
  }
  const content = value["content"];
  if (content === undefined) {
    const json = type ?? "application/json";
    return { head: headOf(boundary, name, filename, json), content: Buffer.from(JSON.stringify(value)) };
  }
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const bytes = value["encoding"] === "base64" ? Buffer.from(text, "base64") : Buffer.from(text);
  return { head: headOf(boundary, name, filename ?? name, type ?? "text/plain; charset=utf-8"), content: bytes };
}

function headOf(boundary: string, name: string, filename?: string, type?: string): Buffer {
  const called = filename === undefined ? "" : `; filename="${quoted(filename)}"`;
  const kind = type === undefined ? "" : `Content-Type: ${type.replace(/[\r\n]/g, "")}\r\n`;
  return Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${called}\r\n${kind}\r\n`);
}

/** As browsers write names: a quote or a line break must not end the field. */
function quoted(text: string): string {
  return text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function sizeOf(content: Buffer | SentFile): Bytes {
  return Buffer.isBuffer(content) ? content.length : content.bytes;
}
