/** A duration in milliseconds. */
export type Ms = number;

/** A moment: milliseconds since 1970-01-01 UTC. */
export type AtMs = number;

/** A size in bytes. */
export type Bytes = number;
