// TextEncoder and TextDecoder belong to hosts, not to the language, so pure code has its own.

/** The UTF-8 bytes of `text`; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const read = character.codePointAt(0) ?? 0;
    const code = read >= 0xd800 && read <= 0xdfff ? 0xfffd : read;
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 63);
    } else if (code < 0x1_0000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 63);
      bytes[length++] = 0x80 | (code & 63);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 63);
      bytes[length++] = 0x80 | ((code >> 6) & 63);
      bytes[length++] = 0x80 | (code & 63);
    }
  }
  return bytes.subarray(0, length);
}

/** The text whose UTF-8 is `bytes`; what is no UTF-8 becomes U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let position = 0;
  while (position < bytes.length) {
    const first = bytes[position++] ?? 0;
    const more =
      first < 0x80
        ? 0
        : first >= 0xc2 && first < 0xe0
          ? 1
          : first >= 0xe0 && first < 0xf0
            ? 2
            : first >= 0xf0 && first < 0xf5
              ? 3
              : -1;
    if (more === 0) {
      parts.push(String.fromCharCode(first));
      continue;
    }
    const code = more === -1 ? undefined : continued(bytes, position, first & (0x3f >> more), more);
    parts.push(code === undefined ? "\ufffd" : String.fromCodePoint(code));
    if (code !== undefined) position += more;
  }
  return parts.join("");
}

const LEAST = [0, 0x80, 0x800, 0x1_0000];

function continued(bytes: Uint8Array, from: number, start: number, more: number): number | undefined {
  let code = start;
  for (let i = 0; i < more; i++) {
    const next = bytes[from + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (next & 63);
  }
  const isWrong = code < (LEAST[more] ?? 0) || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff);
  return isWrong ? undefined : code;
}
