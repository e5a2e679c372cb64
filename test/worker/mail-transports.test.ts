import { afterEach, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Connection } from "@shared/execution/effect";
import { mail, type Mailed } from "../../src-main/worker/mail/mailing";
import { MailTransports } from "../../src-main/worker/mail/transports";
import { authority } from "../servers/certificate";
import { MailServer } from "../servers/smtp";
import { taskOf } from "./task";

type Options = Parameters<typeof MailServer.start>[0];
let server: MailServer;
let transports: MailTransports;
afterEach(async () => {
  transports.close();
  await server.close();
});

async function start(options: Options = {}, idleMs?: number): Promise<void> {
  server = await MailServer.start(options);
  transports = new MailTransports(idleMs);
}

function send(number: number, settings: JsonObject = {}, signal = new AbortController().signal): Promise<Mailed> {
  const connection: Connection = {
    name: "office",
    kind: "smtp",
    settings: { host: "127.0.0.1", port: server.port, from: "shop@example.com", ca: authority, ...settings },
  };
  const task = taskOf("email", {}, null, { key: `execution/step#${number}` });
  const message = { to: ["ann@example.org"], subject: `Message ${number}`, text: "Text" };
  return mail(connection, message, task, signal, transports);
}

const subjects = () => server.received.map(({ mail: { subject } }) => subject).sort();
const ten = Array.from({ length: 10 }, (_, n) => n);
const allOf = (numbers: readonly number[]) => numbers.map((n) => `Message ${n}`).sort();

it("ten messages one after another go over one connection", async () => {
  await start();
  for (const n of ten) await send(n);
  expect([server.connections, subjects()]).toEqual([1, allOf(ten)]);
});

it("ten at once go over a few", async () => {
  await start();
  await Promise.all(ten.map((n) => send(n)));
  expect(server.connections).toBeLessThanOrEqual(5);
  expect(subjects()).toEqual(allOf(ten));
});

it("a message given to a connection that the server has hung up goes over a fresh one, once", async () => {
  await start();
  await send(1);
  server.hangUp();
  await send(2);
  expect([server.connections, subjects()]).toEqual([2, allOf([1, 2])]);
});

it("so does one that is answered with 421", async () => {
  const asked: string[] = [];
  await start({
    onMailFrom: (_address, session, done) => {
      asked.push(session.id);
      const isSecondOnFirst = asked.length === 2;
      done(isSecondOnFirst ? Object.assign(new Error("4.3.2 Closing down"), { responseCode: 421 }) : undefined);
    },
  });
  await send(1);
  await send(2);
  expect([server.connections, asked.length, subjects()]).toEqual([2, 3, allOf([1, 2])]);
  expect(asked[1]).toBe(asked[0]);
});

it("a server that always says 421 is asked twice, and then that is the answer", async () => {
  let asked = 0;
  await start({
    onMailFrom: (_address, _session, done) => {
      asked += 1;
      done(asked === 1 ? undefined : Object.assign(new Error("4.3.2 Closing down"), { responseCode: 421 }));
    },
  });
  await send(1);
  await expect(send(2)).rejects.toMatchObject({ problem: { type: "server_error" } });
  expect([asked, subjects()]).toEqual([3, allOf([1])]);
});

it("a connection lost once the message was on its way fails it, and nothing is sent again", async () => {
  let taken = 0;
  await start({
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => {
        taken += 1;
        // The first is taken in order; after the second, the server is gone before it says so.
        if (taken === 1) done();
        else server.hangUp();
      });
    },
  });
  await send(1);
  await expect(send(2)).rejects.toMatchObject({ problem: { type: "connection_error" } });
  expect(taken).toBe(2);
});

it("a refused message does not end its connection", async () => {
  await start({
    onRcptTo: (_address, session, done) => {
      const refuses = session.envelope.mailFrom !== false && session.envelope.mailFrom.address.startsWith("bad");
      done(refuses ? Object.assign(new Error("5.1.1 No such user"), { responseCode: 550 }) : undefined);
    },
  });
  await send(1);
  await expect(send(2, { from: "bad@example.com" })).rejects.toMatchObject({ problem: { type: "bad_request" } });
  for (const n of [3, 4, 5]) await send(n);
  // The next one may come while the first connection is still being reset.
  expect(server.connections).toBeLessThanOrEqual(2);
  expect(server.open).toBe(server.connections);
  expect(subjects()).toEqual(allOf([1, 3, 4, 5]));
});

it("another password is another connection, and the one before is closed", async () => {
  await start();
  await send(1, { user: "ann", password: "pw" });
  await expect(send(2, { user: "ann", password: "wrong" })).rejects.toMatchObject({
    problem: { type: "authentication_error" },
  });
  await expect.poll(() => server.open).toBe(0);
  await send(3, { user: "ann", password: "pw" });
  expect(server.connections).toBe(3);
});

it("a connection that nobody needs is closed after a while, and what it signed in with is forgotten", async () => {
  await start({}, 20);
  await send(1, { user: "ann", password: "pw" });
  await expect.poll(() => [server.open, transports.size]).toEqual([0, 0]);
  await send(2);
  expect([server.connections, subjects()]).toEqual([2, allOf([1, 2])]);
});

it("an abort ends one message, and the others go on", async () => {
  const held: (() => void)[] = [];
  await start({
    onMailFrom: ({ address }, _session, done) => (address.startsWith("slow") ? void held.push(done) : done()),
  });
  const controller = new AbortController();
  const slow = send(1, { from: "slow@example.com" }, controller.signal);
  await expect.poll(() => held.length).toBe(1);
  const rest = Promise.all([2, 3].map((n) => send(n)));
  controller.abort();
  await expect(slow).rejects.toThrow();
  await rest;
  expect(subjects()).toEqual(allOf([2, 3]));
});

it("what waited for a connection goes out although the password is changed meanwhile", async () => {
  const held: (() => void)[] = [];
  await start({
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => (held.length < 5 ? held.push(done) : done()));
    },
  });
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  const sent = Promise.all(numbers.map((n) => send(n, { user: "ann", password: "pw" })));
  await expect.poll(() => held.length).toBe(5);
  await expect(send(8, { user: "ann", password: "wrong" })).rejects.toMatchObject({
    problem: { type: "authentication_error" },
  });
  for (const done of held) done();
  expect((await sent).map(({ accepted }) => accepted)).toEqual(numbers.map(() => ["ann@example.org"]));
  await expect.poll(() => server.open).toBe(0);
});
