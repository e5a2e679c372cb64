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

/** A usage error or an invalid workflow. */
export function usage(sentence: string): Stop {
  return new Stop(EXIT.usage, sentence);
}
