import type { AddressInfo } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { certificate } from "./certificate";

/** A message as it came: who it was for, and what mail programs read of it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: ParsedMail;
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** A mail server on loopback: `ann`/`pw` may sign in, addresses beginning with `nobody` are refused, with `later` put off. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** How many connections were made. */
  connections = 0;

  private constructor(
    readonly port: number,
    private readonly server: SMTPServer,
    received: ReceivedMail[],
  ) {
    this.received = received;
    server.server.on("connection", () => void (this.connections += 1));
  }

  /** Breaks off every connection that is open, without a word. */
  hangUp(): void {
    for (const connection of this.server.connections)
      (connection as { readonly _socket: { destroy(): void } })._socket.destroy();
  }

  /** How many connections are open. */
  get open(): number {
    return this.server.connections.size;
  }

  /** @param options of smtp-server; TLS is offered unless `hideSTARTTLS`. */
  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const received: ReceivedMail[] = [];
    const server = new SMTPServer({
      ...certificate,
      authOptional: true,
      disableReverseLookup: true,
      // Senders keep their connections; the end of a test is none of theirs.
      closeTimeout: 50,
      onAuth: (auth, _session, done) =>
        auth.username === "ann" && auth.password === "pw"
          ? done(null, { user: auth.username })
          : done(Object.assign(new Error("5.7.8 Wrong name or password"), { responseCode: 535 })),
      onRcptTo: ({ address }, _session, done) => {
        if (address.startsWith("nobody")) return done(refusal(550, "5.1.1 No such user"));
        if (address.startsWith("later")) return done(refusal(450, "4.2.1 Come again"));
        return done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const raw = Buffer.concat(chunks);
          const { mailFrom, rcptTo } = session.envelope;
          void simpleParser(raw).then((mail) => {
            received.push({
              from: mailFrom === false ? "" : mailFrom.address,
              to: rcptTo.map(({ address }) => address),
              mail,
              raw: raw.toString("latin1"),
              secure: session.secure,
              user: session.user as string | undefined,
            });
            done();
          }, done);
        });
      },
      ...options,
    });
    // A client that goes away in the middle is part of the tests.
    server.on("error", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new MailServer((server.server.address() as AddressInfo).port, server, received);
  }

  get last(): ReceivedMail {
    return this.received[this.received.length - 1]!;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
