import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Shorter texts gain nothing by being packed. */
const WORTH_IT = 64 * 1024;

/** Node before 22.15 has no Zstandard: it writes plain text and cannot read what others packed. */
const canPack = typeof zstdCompressSync === "function";

/**
 * Text as the journal's rows keep it: a journal repeats itself (an output is the next input), so packing makes it a tenth.
 * Long texts come back as bytes, short ones as they are.
 */
export function packed(text: string): string | Uint8Array {
  if (!canPack || text.length < WORTH_IT) return text;
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The text that was packed. */
export function unpacked(stored: string | Uint8Array): string {
  return typeof stored === "string" ? stored : zstdDecompressSync(stored).toString("utf8");
}
