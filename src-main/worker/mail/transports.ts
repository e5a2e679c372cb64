import { createHash } from "node:crypto";
import nodemailer, { type Transporter } from "nodemailer";
import type Mail from "nodemailer/lib/mailer";
import type SMTPPool from "nodemailer/lib/smtp-pool";
import type { Ms } from "@shared/base/units";

/** Connections to one mail server at once; further messages wait for one of them. */
const MOST_CONNECTIONS = 5;
/** How long connections that nobody uses are kept, and with them the password they signed in with: as long as those of HTTP. */
const IDLE_MS: Ms = 10_000;
/** Mail servers kept in mind; a workspace has a few. */
const KEPT = 16;

interface Open {
  /** Names what signs in, so that another password is another pool. */
  readonly digest: string;
  readonly transport: Transporter<SMTPPool.SentMessageInfo>;
  /** Messages that were given to it and have not come to an end. */
  underWay: number;
  /** Nothing more goes that way. */
  isOver: boolean;
  /** Runs while no message is under way. */
  idle?: NodeJS.Timeout;
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

  /** Sends `message` to where `options` of the connection `name` lead. */
  async send(name: string, options: SMTPPool.Options, message: Mail.Options): Promise<SMTPPool.SentMessageInfo> {
    const [key, open] = this.#to(name, options);
    clearTimeout(open.idle);
    open.underWay += 1;
    try {
      return await open.transport.sendMail(message);
    } finally {
      open.underWay -= 1;
      if (open.underWay === 0) this.#unused(key, open);
    }
  }

  /** How many mail servers are in mind. */
  get size(): number {
    return this.#open.size;
  }

  #unused(key: string, open: Open): void {
    if (open.isOver) open.transport.close();
    else open.idle = setTimeout(() => this.#drop(key, open), this.idleMs).unref();
  }

  #to(name: string, options: SMTPPool.Options): readonly [key: string, open: Open] {
    const key = JSON.stringify([name, options.host, options.port, options.auth?.user]);
    const digest = createHash("sha256").update(JSON.stringify(options)).digest("base64");
    const known = this.#open.get(key);
    if (known?.digest === digest) return [key, known];
    // Its password or certificates were changed.
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
    const open: Open = { digest, transport, underWay: 0, isOver: false };
    this.#open.set(key, open);
    return [key, open];
  }

  /** What is under way or waits for a connection goes out; nothing more goes that way. */
  #drop(key: string, open: Open): void {
    this.#open.delete(key);
    clearTimeout(open.idle);
    open.isOver = true;
    if (open.underWay === 0) open.transport.close();
  }

  close(): void {
    for (const open of this.#open.values()) {
      clearTimeout(open.idle);
      open.isOver = true;
      open.transport.close();
    }
    this.#open.clear();
  }
}
