import { follow, onLink } from "../bridge";

/** Has `refresh` called now and at every change, until the result is called. */
export function followed(
  changes: (signal: AbortSignal) => Promise<AsyncIterable<number>>,
  refresh: () => void,
): () => void {
  const stop = follow(changes, refresh);
  // Changes made while the link was lost are told to nobody.
  const unlink = onLink((link) => {
    if (link === "open") refresh();
  });
  return () => {
    unlink();
    stop();
  };
}
