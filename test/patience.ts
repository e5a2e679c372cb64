import { vi } from "vitest";

/*
 * What a test waits for comes about, only not within a second on every machine: where a call says no limit of its own, it has this one.
 */
const LIMIT = { timeout: 60_000 };

const { waitFor } = vi;
vi.waitFor = (callback, options = LIMIT) =>
  waitFor(callback, typeof options === "number" ? options : { ...LIMIT, ...options });
