/** The outlines a state can have; each differs in shape, not only in colour. */
export type GlyphState =
  | "pending"
  | "running"
  | "completed"
  | "failed"
  | "skipped"
  | "waiting"
  | "held"
  | "cached"
  | "retried"
  | "compensated"
  | "cancelled"
  | "open"
  | "half-open";
