import { createHash } from "node:crypto";
import nodemailer, { type Transporter } from "nodemailer";
import type SMTPPool from "nodemailer/lib/smtp-pool";
import type { Ms } from "@shared/base/units";

/** Connections to one mail server at once; further messages wait for one of them. */
const MOST_CONNECTIONS = 5;
/** Below what servers wait before they hang up. */
const IDLE_MS: Ms = 30_000;
/** Mail servers kept in mind; a workspace has a few. */
const KEPT = 16;

interface Open {
  /** Names what signs in, so that another password is another pool. */
  readonly digest: string;
  readonly transport: Transporter<SMTPPool.SentMessageInfo>;
}

/**
 * Connections to mail servers, kept open between the messages of this thread.
 *
 * A message that is given to a connection which turns out to be dead goes over a fresh one, once, and only while not a byte of it was
 * sent: none arrives twice by that.
 */
export class MailTransports {
  readonly #open = new Map<string, Open>();

  constructor(private readonly idleMs: Ms = IDLE_MS) {}

  /** The transport to what `options` of the connection `name` lead to. */
  of(name: string, options: SMTPPool.Options): Transporter<SMTPPool.SentMessageInfo> {
    const key = JSON.stringify([name, options.host, options.port, options.auth?.user]);
    const digest = createHash("sha256").update(JSON.stringify(options)).digest("base64");
    const known = this.#open.get(key);
    if (known?.digest === digest) return known.transport;
    // Its password or certificates were changed: what is under way ends, and nothing more goes that way.
    if (known !== undefined) this.#drop(key, known);
    const oldest = this.#open.size >= KEPT ? this.#open.entries().next().value : undefined;
    if (oldest !== undefined) this.#drop(...oldest);
    const transport = nodemailer.createTransport({
      ...options,
      pool: true,
      maxConnections: MOST_CONNECTIONS,
      maxRequeues: 1,
      idleTimeout: this.idleMs,
    });
    this.#open.set(key, { digest, transport });
    return transport;
  }

  #drop(key: string, { transport }: Open): void {
    this.#open.delete(key);
    transport.close();
  }

  close(): void {
    for (const [key, open] of [...this.#open]) this.#drop(key, open);
  }
}
