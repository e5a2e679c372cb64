/** What the command line's exit codes mean. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Ends a command: one sentence for the user, and the exit code. */
export class Stop extends Error {
  constructor(
    readonly code: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

const WHY: { readonly [code: string]: string } = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/** A file that could not be written. */
export function unwritten(file: string, cause: unknown): Stop {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new Stop(EXIT.failed, `${file}: could not be written (${WHY[code ?? ""] ?? code ?? message}).`);
}

/** A usage error or an invalid workflow. */
export function usage(sentence: string): Stop {
  return new Stop(EXIT.usage, sentence);
}
