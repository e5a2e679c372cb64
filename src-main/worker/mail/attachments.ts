import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type Mail from "nodemailer/lib/mailer";
import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { TaskPlace } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { textAt } from "../http/fields";
import { allowedPath, refuseFileError } from "../paths";
import { kindOf } from "../records/json";

/** Reads the list of attachments; files are streamed when the message goes out. */
export async function attachmentsOf(written: Json | undefined, place: TaskPlace): Promise<Mail.Attachment[]> {
  if (written === undefined || written === null) return [];
  if (!Array.isArray(written))
    return refuse(invalid(`The attachments are ${kindOf(written)}; they take a list.`, "config.attachments"));
  const found: Mail.Attachment[] = [];
  for (const [at, one] of (written as readonly Json[]).entries())
    found.push(await attachmentOf(one, place, `config.attachments[${at}]`));
  return found;
}

async function attachmentOf(written: Json, place: TaskPlace, key: string): Promise<Mail.Attachment> {
  if (typeof written === "string") return fileOf(written, undefined, undefined, place, key);
  if (!isJsonObject(written))
    return refuse(invalid(`It is ${kindOf(written)}; it takes a path, or {name, content}.`, key));
  const name = textAt(written, "name", `${key}.`);
  const contentType = textAt(written, "content_type", `${key}.`);
  if (written["path"] !== undefined) return fileOf(written["path"], name, contentType, place, `${key}.path`);
  const { content } = written;
  if (content === undefined) return refuse(invalid("It has neither a path nor content.", key));
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return {
    filename: name ?? "attachment",
    content: written["encoding"] === "base64" ? Buffer.from(text, "base64") : text,
    ...(contentType === undefined ? {} : { contentType }),
  };
}

async function fileOf(
  written: Json,
  name: string | undefined,
  contentType: string | undefined,
  place: TaskPlace,
  key: string,
): Promise<Mail.Attachment> {
  const path = await allowedPath(written, place, key);
  try {
    if (!(await stat(path.absolute)).isFile()) refuse(invalid(`${path.written} is no file.`, key));
  } catch (thrown) {
    refuseFileError(thrown, path);
  }
  return {
    filename: name ?? basename(path.absolute),
    content: createReadStream(path.absolute),
    ...(contentType === undefined ? {} : { contentType }),
  };
}
