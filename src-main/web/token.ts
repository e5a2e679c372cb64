import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A fresh secret that whoever opens the studio in a browser must show. */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Whether `shown` is the host's token, in a time that tells nothing about how much of it is right. */
export function tokenMatches(token: string, shown: string | null | undefined): boolean {
  if (shown === null || shown === undefined || shown === "") return false;
  // Digests have one length, so that a wrong length takes as long as a wrong text.
  return timingSafeEqual(digest(token), digest(shown));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
