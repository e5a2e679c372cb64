import type { LookupAddress } from "node:dns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { NetworkSettings, Task } from "@shared/execution/effect";
import { requestOver } from "../../src-main/worker/behaviours/http-request";
import { Dispatchers } from "../../src-main/worker/http/dispatchers";
import { isPrivateAddress, type LookupAll } from "../../src-main/worker/http/guard";
import { Tokens } from "../../src-main/worker/http/tokens";
import { MisbehavingServer } from "../servers/misbehaving";
import { taskOf, toolsOf } from "./task";

let server: MisbehavingServer;
beforeAll(async () => void (server = await MisbehavingServer.start()));
afterAll(() => server.close());

/** What names stand for here; a list is answered whole, so that one bad address among good ones can be seen. */
const NAMES: { readonly [name: string]: readonly string[] } = {
  localhost: ["127.0.0.1", "::1"],
  "loopback.apg.test": ["127.0.0.1"],
  "mixed.apg.test": ["93.184.216.34", "127.0.0.1"],
  "six.apg.test": ["::1"],
  "mapped.apg.test": ["::ffff:127.0.0.1"],
  "nat64.apg.test": ["64:ff9b::7f00:1"],
  "metadata.apg.test": ["169.254.169.254"],
  "listed.apg.test": ["127.0.0.1"],
};
const asked: string[] = [];
const lookup: LookupAll = (hostname, _options, answer) => {
  asked.push(hostname);
  const found = NAMES[hostname.replace(/\.$/, "").toLowerCase()];
  const unknown = Object.assign(new Error(`no ${hostname}`), { code: "ENOTFOUND" });
  const addresses = (found ?? []).map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
  setImmediate(() => answer(found ? null : unknown, addresses));
};
const outside = { dispatchers: new Dispatchers(lookup), tokens: new Tokens() };
afterAll(() => outside.dispatchers.close());

async function call(url: string, network: NetworkSettings = {}, more: Partial<Task> = {}, config: JsonObject = {}) {
  const whole = { url, network_policy: "restricted", timeout: 5, ...config };
  const task = taskOf("http_request", whole, null, { services: { network }, ...more });
  const outcome = await requestOver(task, toolsOf(), outside);
  return outcome.kind === "failed" ? outcome.error : { type: "none", message: "" };
}
const at = (host: string, path = "/ok"): string => `http://${host}:${server.port}${path}`;
const refusal = { type: "authorization_error", place: "config.network_policy" };

describe("a restricted network policy", () => {
  it.each([
    ["127.0.0.1", "as it is"],
    ["127.1", "shortened"],
    ["2130706433", "decimal"],
    ["0x7f000001", "hexadecimal"],
    ["0177.0.0.1", "octal"],
    ["0x7f.0.0.01", "mixed"],
    ["127.0.0.1.", "with a dot at the end"],
    ["0.0.0.0", "any"],
    ["0", "any, shortened"],
    ["0x0", "any, hexadecimal"],
    ["127。0。0。1", "ideographic dots"],
    ["１２７.0.0.1", "full-width digits"],
    ["①②⑦.1", "circled digits"],
    ["%31%32%37.0.0.1", "percent-encoded"],
    ["localhost", "this machine by name"],
    ["LOCALHOST.", "this machine by name, with a dot at the end"],
    ["loopback．apg．test", "by name, full-width dots"],
    ["[::1]", "IPv6"],
    ["[::]", "IPv6 any"],
    ["[::ffff:127.0.0.1]", "IPv4 in IPv6"],
    ["[::ffff:7f00:1]", "IPv4 in IPv6, hexadecimal"],
    ["[::127.0.0.1]", "IPv4 in IPv6, deprecated"],
    ["[64:ff9b::7f00:1]", "NAT64"],
    ["[64:ff9b:1::7f00:1]", "local NAT64"],
    ["[2002:7f00:1::]", "6to4"],
    ["[fe80::1]", "link-local"],
    ["[fd00::1]", "unique local"],
    ["169.254.169.254", "cloud metadata"],
    ["10.0.0.1", "private"],
    ["100.64.0.1", "carrier-grade NAT"],
    ["loopback.apg.test", "by name"],
    ["LOOPBACK.apg.test.", "by name with a dot at the end"],
    ["mixed.apg.test", "one of two answers"],
    ["six.apg.test", "by name, IPv6"],
    ["mapped.apg.test", "by name, IPv4 in IPv6"],
    ["nat64.apg.test", "by name, NAT64"],
    ["metadata.apg.test", "by name, cloud metadata"],
  ])("refuses %s (%s), and nothing is called", async (host) => {
    const before = server.heard.length;
    expect(await call(at(host))).toMatchObject(refusal);
    expect(server.heard.length).toBe(before);
  });

  it("holds after redirects, from a place that is allowed to one that is not", async () => {
    const allow = { allow: ["listed.apg.test", "127.0.0.1"] };
    expect(await call(at("listed.apg.test"), allow)).toMatchObject({ type: "none" });
    for (const to of [
      at("[::1]"),
      at("localhost"),
      at("metadata.apg.test"),
      at("2130706434"),
      at("six.apg.test"),
      at("169.254.169.254"),
    ]) {
      const before = server.heard.length;
      expect(await call(at("listed.apg.test", `/to/${encodeURIComponent(to)}`), allow)).toMatchObject(refusal);
      expect(server.heard.slice(before).map(({ path }) => path.slice(0, 4))).toEqual(["/to/"]);
    }
  });

  it("holds after a redirect that repeats a POST with its body", async () => {
    const allow = { allow: ["127.0.0.1"] };
    const post = { method: "POST", body: { n: 1 } };
    for (const to of [at("[::1]"), at("six.apg.test"), at("0"), at("localhost.")]) {
      const before = server.heard.length;
      const path = `/again/${encodeURIComponent(to)}`;
      expect(await call(at("127.0.0.1", path), allow, {}, post)).toMatchObject(refusal);
      expect(server.heard.slice(before).map(({ head }) => head.split(" ", 1)[0])).toEqual(["POST"]);
    }
    expect(await call(at("127.0.0.1", `/again/${encodeURIComponent(at("127.0.0.1"))}`), allow, {}, post)).toMatchObject(
      {
        type: "none",
      },
    );
  });

  it("asks again for each connection: a name that meant a place allowed means a private one a moment later", async () => {
    const answers = ["127.0.0.1", "127.0.0.2"];
    const rebound: LookupAll = (_hostname, _options, answer) =>
      setImmediate(() => answer(null, [{ address: answers.shift() ?? "127.0.0.2", family: 4 }]));
    const fresh = { dispatchers: new Dispatchers(rebound), tokens: new Tokens() };
    const services = { network: { allow: ["127.0.0.1"] } };
    const once = async () => {
      const config = { url: at("rebound.apg.test", "/closes"), network_policy: "restricted" };
      return requestOver(taskOf("http_request", config, null, { services }), toolsOf(), fresh);
    };
    expect(await once()).toMatchObject({ kind: "completed" });
    const before = server.heard.length;
    expect(await once()).toMatchObject({ kind: "failed", error: { type: "authorization_error" } });
    expect(server.heard.length).toBe(before);
    await fresh.dispatchers.close();
  });

  it.each(["127.0.0.1", "[::1]", "loopback.apg.test", "mixed.apg.test"])("holds for https://%s", async (host) => {
    const before = server.open;
    expect(await call(`https://${host}:${server.port}/ok`)).toMatchObject(refusal);
    expect(server.open).toBeLessThanOrEqual(before);
  });

  it("looks a name up once: the address that was checked is the one connected to", async () => {
    asked.length = 0;
    const fresh = { dispatchers: new Dispatchers(lookup), tokens: new Tokens() };
    const services = { network: { allow: ["127.0.0.1"] } };
    const config = { url: at("listed.apg.test", "/closes"), network_policy: "restricted" };
    expect((await requestOver(taskOf("http_request", config, null, { services }), toolsOf(), fresh)).kind).toBe(
      "completed",
    );
    expect(asked).toEqual(["listed.apg.test"]);
    await fresh.dispatchers.close();
  });

  it("narrows to the workspace's list: names, all below a name, addresses, networks", async () => {
    const allowed = async (host: string, allow: readonly string[]) => (await call(at(host), { allow })).type === "none";
    expect(await allowed("127.0.0.1", ["127.0.0.0/8"])).toBe(true);
    expect(await allowed("127.0.0.1", ["127.0.0.1"])).toBe(true);
    expect(await allowed("[::ffff:127.0.0.1]", ["127.0.0.1"])).toBe(true);
    expect(await allowed("127.0.0.1", ["10.0.0.0/8"])).toBe(false);
    expect(await allowed("listed.apg.test", ["LISTED.apg.test.", "127.0.0.0/8"])).toBe(true);
    expect(await allowed("listed.apg.test", ["*.apg.test", "127.0.0.0/8"])).toBe(true);
    // A name on the list does not open a private network.
    expect(await allowed("listed.apg.test", ["listed.apg.test"])).toBe(false);
    expect(await allowed("listed.apg.test", ["*.apg.test"])).toBe(false);
    expect(await allowed("93.184.216.34", ["listed.apg.test"])).toBe(false);
    expect((await call("http://public.example.com/", { allow: [] })).message).toContain("list of allowed hosts");
    expect((await call("http://xapg.test/", { allow: ["*.apg.test"] })).message).toContain("list of allowed hosts");
  });

  it("holds for the whole workflow, whatever the component says", async () => {
    expect(await call(at("127.0.0.1"), {}, { networkPolicy: "restricted" }, { network_policy: "open" })).toMatchObject(
      refusal,
    );
  });

  it("does not apply where it is open, nor to what the workspace names itself", async () => {
    expect(await call(at("127.0.0.1"), {}, {}, { network_policy: "open" })).toMatchObject({ type: "none" });
    const hosts = { "api.example.com": server.url };
    const place = { folder: "/", allowed: [], hosts, trusted: false, scratch: "/" };
    expect(await call("http://api.example.com/ok", {}, { place })).toMatchObject({ type: "none" });
    const to = encodeURIComponent(at("[::1]"));
    expect(await call(`http://api.example.com/to/${to}`, {}, { place })).toMatchObject(refusal);
  });
});

describe("a private address", () => {
  it.each(["0.1.2.3", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255"])(
    "is also %s, which leads nowhere",
    (address) => expect(isPrivateAddress(address)).toBe(true),
  );
  it.each(["2001:db8::1", "ff02::1", "100::1", "fec0::1", "2001::1", "fe80::1%eth0", "::ffff:10.0.0.1"])(
    "is also %s",
    (address) => expect(isPrivateAddress(address)).toBe(true),
  );
  it.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])(
    "is not %s",
    (address) => expect(isPrivateAddress(address)).toBe(false),
  );
  it("is no name", () => expect(isPrivateAddress("localhost")).toBe(false));
});

describe("a workflow that lists the apis it uses", () => {
  const listing = (...apis: string[]): Partial<Task> => ({ services: { apis } });
  const open = { network_policy: "open" };
  const refused = { type: "authorization_error", place: "permissions.resource_access.apis" };

  it("calls the hosts listed, and no others", async () => {
    expect(await call(at("listed.apg.test"), {}, listing("listed.apg.test"), open)).toMatchObject({ type: "none" });
    expect(await call(at("listed.apg.test"), {}, listing("*.apg.test"), open)).toMatchObject({ type: "none" });
    expect(await call(at("listed.apg.test"), {}, listing("other"), open)).toMatchObject({
      ...refused,
      message: "The workflow may not use listed.apg.test: its permissions.resource_access.apis names other.",
    });
  });

  it("is not led to others by a redirect", async () => {
    const before = server.heard.length;
    const path = `/to/${encodeURIComponent(at("loopback.apg.test"))}`;
    expect(await call(at("listed.apg.test", path), {}, listing("listed.apg.test"), open)).toMatchObject(refused);
    expect(server.heard.length).toBe(before + 1);
  });

  it("reaches what its connection leads to", async () => {
    const connection = { name: "crm", kind: "http", settings: { base_url: at("listed.apg.test", "") } } as const;
    const services = { apis: ["crm"], connection };
    expect(await call("/ok", {}, { services }, { ...open, connection: "crm" })).toMatchObject({ type: "none" });
  });
});
