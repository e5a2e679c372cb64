import { describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { ConnectionKind } from "@shared/execution/effect";
import { servicesOf } from "../../src-main/trust/services";

const SECRETS: { readonly [name: string]: string } = { SHOP_PASSWORD: "open sesame" };

function kept(
  name: string,
  kind: ConnectionKind,
  settings: { [environment: string]: JsonObject },
  serves: readonly string[] = [],
) {
  return { name, kind, settings, serves, changedAt: 0 };
}

const SHOP = kept("shop", "postgresql", {
  "*": { host: "db.example.com", password: "{{ secrets.SHOP_PASSWORD }}" },
  dev: { host: "{{ env.DB_HOST }}" },
});
const CRM = kept("crm", "http", { "*": { base_url: "https://crm.example.com" } }, ["apg_user_management"]);
const STALE = kept("stale", "mysql", { "*": { password: "{{ secrets.SHOP_PASWORD }}" } });

function provide(type: string, config: JsonObject, permissions?: JsonObject, all = [SHOP, CRM, STALE]) {
  return servicesOf({
    secrets: {
      open: (name) => (SECRETS[name] === undefined ? undefined : { value: SECRETS[name] }),
      names: () => Object.keys(SECRETS),
    },
    connections: { get: (name) => all.find((one) => one.name === name), list: () => all },
    network: () => undefined,
  }).provide({
    type,
    config: (key) => config[key],
    environment: "dev",
    env: { DB_HOST: "127.0.0.1" },
    ...(permissions === undefined ? {} : { permissions }),
  });
}
const listing = (more: JsonObject): JsonObject => ({ resource_access: more });

describe("what the workspace provides", () => {
  it("is the named connection, its environment's settings first, secrets filled in and told apart", () => {
    expect(provide("database", { connection: "shop" })).toEqual({
      ok: true,
      value: {
        services: {
          connection: { name: "shop", kind: "postgresql", settings: { host: "127.0.0.1", password: "open sesame" } },
        },
        sensitive: ["open sesame"],
      },
    });
  });

  it("is the only connection that fits where none is named", () => {
    expect(provide("database", {}, undefined, [SHOP, CRM])).toMatchObject({ ok: true });
    const several = provide("database", {});
    expect(several).toMatchObject({ ok: false, problem: { type: "validation_error" } });
    expect(provide("email", {})).toMatchObject({ ok: false, problem: { type: "not_found" } });
  });

  it("is a connection for every channel, listed or by itself", () => {
    const desk = kept("desk", "slack", { "*": {} });
    for (const channels of ["desk", ["desk"], ["desktop", "desk"]])
      expect(provide("notify", { channels }, undefined, [desk])).toMatchObject({
        value: { services: { channels: { desk: { name: "desk", kind: "slack" } } } },
      });
    expect(provide("notify", { channels: "dsk" }, undefined, [desk])).toMatchObject({
      problem: { message: expect.stringContaining("Did you mean desk?") as string },
    });
  });

  it("is the connection that serves a capability", () => {
    expect(provide("apg_user_management", {})).toMatchObject({ value: { services: { capability: { name: "crm" } } } });
    expect(provide("payment_api", {})).toMatchObject({ problem: { type: "not_found" } });
  });

  it("is a connection of the right kind, or a sentence that leads to it", () => {
    expect(provide("http_request", { connection: "crn" })).toMatchObject({
      problem: { type: "not_found", message: expect.stringContaining("Did you mean crm?") as string },
    });
    expect(provide("http_request", { connection: "shop" })).toMatchObject({ problem: { type: "validation_error" } });
    expect(provide("database", { connection: "stale" })).toMatchObject({
      problem: { message: expect.stringContaining("SHOP_PASSWORD") as string },
    });
  });

  it("is no more than the workflow's permissions list", () => {
    const denied = { ok: false, problem: { type: "authorization_error" } };
    expect(provide("database", { connection: "shop" }, listing({ databases: ["other"] }))).toMatchObject(denied);
    expect(provide("database", { connection: "shop" }, listing({ databases: ["shop"] }))).toMatchObject({ ok: true });
    expect(provide("apg_user_management", {}, listing({ apis: [] }))).toMatchObject(denied);
    expect(provide("apg_user_management", {}, listing({ apis: ["apg_user_management"] }))).toMatchObject({ ok: true });
    expect(provide("http_request", { url: "https://a.example.com" }, listing({ apis: ["crm"] }))).toMatchObject({
      value: { services: { apis: ["crm"] } },
    });
    expect(provide("http_request", { url: "https://a.example.com" })).toEqual({
      ok: true,
      value: { sensitive: [] },
    });
  });
});
