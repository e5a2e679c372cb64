import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";

// A zip's digests cover its entries but neither its manifest nor its tables. The archive's comment therefore carries a seal:
// the digest of the manifest, and of every byte before the comment's length field. Nothing can change unseen.
const PATTERN = /^apgb1 manifest=([0-9a-f]{64}) archive=([0-9a-f]{64})$/;
const END_RECORD = 22;

/** What the comment of a bundle says. */
export interface Seal {
  readonly manifest: string;
  readonly archive: string;
}

/** A stream that appends the seal to a zip that has no comment yet. */
export function sealing(manifest: string): Transform {
  const hash = createHash("sha256");
  let tail: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = Buffer.concat([tail, chunk]);
      const cut = Math.max(0, all.length - END_RECORD);
      const head = all.subarray(0, cut);
      tail = all.subarray(cut);
      hash.update(head);
      done(null, head);
    },
    flush(done) {
      const record = tail.subarray(0, END_RECORD - 2);
      hash.update(record);
      const comment = Buffer.from(`apgb1 manifest=${manifest} archive=${hash.digest("hex")}`);
      const length = Buffer.alloc(2);
      length.writeUInt16LE(comment.length);
      done(null, Buffer.concat([record, length, comment]));
    },
  });
}

/** The seal in a zip's comment; `undefined` when there is none. */
export function readSeal(comment: string): Seal | undefined {
  const match = PATTERN.exec(comment);
  return match?.[1] && match[2] ? { manifest: match[1], archive: match[2] } : undefined;
}

/** The digest of everything before the comment's length field. */
export async function archiveDigest(file: string, comment: string): Promise<string> {
  const end = (await stat(file)).size - Buffer.byteLength(comment) - 2;
  const hash = createHash("sha256");
  if (end > 0) for await (const chunk of createReadStream(file, { end: end - 1 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
