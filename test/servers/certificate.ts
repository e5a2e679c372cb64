import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "tls", name), "utf8");

/** The authority that signed {@link certificate}; nothing but tests trusts it. */
export const authority = read("authority.pem");

/** For `localhost`, `*.apg.test` and 127.0.0.1. */
export const certificate = { cert: read("server.pem"), key: read("server.key") } as const;
