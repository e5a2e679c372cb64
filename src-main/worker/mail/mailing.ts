import { createHash } from "node:crypto";
import nodemailer from "nodemailer";
import type Mail from "nodemailer/lib/mailer";
import type SMTPPool from "nodemailer/lib/smtp-pool";
import type { Connection, Task } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { numberAt, textAt } from "../http/fields";
import { systemAuthorities } from "../http/dispatchers";
import { mailProblem, saidBy } from "./failures";
import { MailTransports } from "./transports";

/** What this thread keeps between messages. */
const ours = new MailTransports();

/** A message as it is to go out. */
export type Message = Pick<
  Mail.Options,
  "to" | "cc" | "bcc" | "replyTo" | "from" | "subject" | "text" | "html" | "attachments"
>;

/** What became of a message. */
export interface Mailed {
  readonly messageId: string;
  readonly accepted: readonly string[];
  /** Whom the server refused, and what it said. */
  readonly rejected: readonly { readonly address: string; readonly said: string }[];
}

/**
 * Sends `message` by an `smtp` connection. Its id comes of `key`: the same over all attempts.
 *
 * @returns once the server took it for at least one address; anything else is refused with its type of error. An abort rejects.
 */
export async function mail(
  connection: Connection,
  message: Message,
  { key, services }: Task,
  signal: AbortSignal,
  transports: MailTransports = ours,
): Promise<Mailed> {
  const { settings } = connection;
  const from = message.from ?? textAt(settings, "from", `connection ${connection.name}.`);
  if (from === undefined || from === "") refuse(invalid(`The connection ${connection.name} has no sender (from).`));
  const transport = transportOf(connection, services?.network?.ca ?? []);
  const messageId = messageIdOf(key, String(from));
  const options: Mail.Options & { readonly signal: AbortSignal } = {
    ...message,
    from,
    messageId,
    signal,
    headers: { "X-Idempotency-Key": key },
    // What a message may hold was read and checked before: nothing in it is a path or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  try {
    const info = await transports.send(connection.name, transport, options);
    const rejected = (info.rejectedErrors ?? []).map((error) => ({
      address: error.recipient ?? "",
      said: saidBy(error),
    }));
    return { messageId, accepted: info.accepted.map(String), rejected };
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    const problem = mailProblem(thrown, `The mail server ${textAt(settings, "host") ?? ""} (${connection.name})`);
    if (problem === undefined) throw thrown;
    return refuse(problem);
  }
}

/** Greets the server of an `smtp` connection and signs in, without sending anything; refuses when that fails. */
export async function greetMailServer(connection: Connection, { services }: Task): Promise<void> {
  const transport = nodemailer.createTransport(transportOf(connection, services?.network?.ca ?? []));
  try {
    await transport.verify();
  } catch (thrown) {
    const problem = mailProblem(
      thrown,
      `The mail server ${textAt(connection.settings, "host") ?? ""} (${connection.name})`,
    );
    if (problem === undefined) throw thrown;
    refuse(problem);
  } finally {
    transport.close();
  }
}

function transportOf({ name, settings }: Connection, authorities: readonly string[]): SMTPPool.Options {
  const place = `connection ${name}.`;
  const host = textAt(settings, "host", place);
  if (host === undefined || host === "") return refuse(invalid(`The connection ${name} has no host.`));
  const user = textAt(settings, "user", place);
  const own = textAt(settings, "ca", place);
  const ca = [...authorities, ...(own === undefined ? [] : [own])];
  const certificate = textAt(settings, "certificate", place);
  const key = textAt(settings, "key", place);
  const serverName = textAt(settings, "server_name", place);
  return {
    host,
    port: numberAt(settings, "port", 587, place),
    secure: settings["secure"] === true,
    requireTLS: settings["require_tls"] === true,
    connectionTimeout: numberAt(settings, "connect_timeout", 10, place) * 1000,
    // Credentials that are given are used, or the message does not go out.
    ...(user === undefined ? {} : { auth: { user, pass: textAt(settings, "password", place) ?? "" }, forceAuth: true }),
    tls: {
      rejectUnauthorized: settings["verify"] !== false,
      ...(ca.length === 0 ? {} : { ca: [...systemAuthorities(), ...ca] }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  };
}

function messageIdOf(key: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? "apg.invalid";
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 40)}@${domain}>`;
}
