import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import { openKept } from "../../src-main/compose/passphrase";
import type { HostOptions } from "../../src-main/compose/host";
import { keyKeeper } from "../../src-main/shell/kept-key";
import { findings, workspaceIn } from "../engine/planted";
import { watched } from "../engine/watched";
import { keychain } from "../shell/keychain";
import { serve, type Served } from "./fixture";

const FIRST = "correct horse battery";
const OTHER = "another staple";
const SECRET = "tok-9f8e7d6c5b4a";

let served: Served | undefined;
afterEach(async () => {
  const { reported } = served ?? { reported: [] };
  await served?.close();
  served = undefined;
  expect(reported).toEqual([]);
});

async function open(options: Pick<HostOptions, "mayBeLocked" | "keeper">, folder?: string): Promise<Client> {
  served = await serve(options, folder);
  return (await served.connect()).client;
}

/** The same workspace by the next host, its vault locked. */
async function openedAgain(options: Pick<HostOptions, "keeper"> = {}): Promise<Client> {
  const { folder, host, server } = served!;
  await server.close();
  await host.close();
  return open({ mayBeLocked: true, ...options }, folder);
}

const LOCKED = { code: "LOCKED", data: { what: "The vault of this workspace is locked." } };
const WRONG = { code: "INVALID", data: { where: "current", what: "That is not the passphrase of this workspace." } };
const uses = { id: "uses", components: [], outputs: { long: "{{ size(secrets.API_KEY) }}" } };
const waits = {
  id: "waits",
  components: [{ id: "ask", type: "human_task", config: { form: { type: "object", properties: {} } } }],
  outputs: { long: "{{ size(secrets.API_KEY) }}" },
};

async function create(client: Client, workflow: { readonly id: string }): Promise<string> {
  await client.workflows.create({ text: JSON.stringify(workflow), format: "json" });
  return workflow.id;
}

const tasks = async (client: Client) => (await client.tasks.list({ state: "open" })).length;

describe("a vault under a passphrase", () => {
  it("is locked at the next start: all can be looked at, nothing runs, no secret is set", async () => {
    const first = await open({});
    await first.secrets.set({ name: "API_KEY", value: SECRET });
    const workflowId = await create(first, uses);
    expect(await first.vault.state()).toEqual({
      isOpen: true,
      isGuarded: false,
      canRemember: false,
      isRemembered: false,
    });
    await first.vault.guard({ next: FIRST });
    const client = await openedAgain();
    expect(await client.vault.state()).toMatchObject({ isOpen: false, isGuarded: true });
    expect((await client.secrets.list()).map(({ name }) => name)).toEqual(["API_KEY"]);
    const start = () => client.executions.start({ workflowId, input: null, parameters: {} });
    await expect(start()).rejects.toMatchObject(LOCKED);
    await expect(client.secrets.set({ name: "OTHER", value: "x" })).rejects.toMatchObject(LOCKED);
    await expect(client.secrets.import({ text: "OTHER=x" })).rejects.toMatchObject(LOCKED);
    await expect(client.triggers.emit({ type: "order.made", payload: null })).rejects.toMatchObject(LOCKED);
    await expect(client.vault.unlock({ passphrase: OTHER })).rejects.toMatchObject(WRONG);
    expect(await client.vault.state()).toMatchObject({ isOpen: false });
    await client.vault.unlock({ passphrase: FIRST });
    expect(await client.vault.state()).toMatchObject({ isOpen: true });
    const { id } = await start();
    expect((await watched(client, id, [])).status).toBe("completed");
  });

  it("holds back what an earlier host left, until it is unlocked", async () => {
    const first = await open({});
    await first.secrets.set({ name: "API_KEY", value: SECRET });
    const workflowId = await create(first, waits);
    const { id } = await first.executions.start({ workflowId, input: null, parameters: {} });
    await expect.poll(() => tasks(first)).toBe(1);
    await first.vault.guard({ next: FIRST });
    const client = await openedAgain();
    const begun = served!.host.begin();
    const answer = () => client.tasks.answer({ executionId: id, path: "ask", answer: {}, by: "ada" });
    await expect(answer()).rejects.toMatchObject(LOCKED);
    await expect(client.executions.cancel({ id })).rejects.toMatchObject(LOCKED);
    expect((await client.executions.get({ id })).live).toBe(false);
    const told = (await client.vault.changes())[Symbol.asyncIterator]();
    const next = told.next();
    await client.vault.unlock({ passphrase: FIRST });
    expect((await next).done).toBe(false);
    await begun;
    expect((await client.executions.get({ id })).live).toBe(true);
    await answer();
    expect((await watched(client, id, [])).status).toBe("completed");
  });

  it("takes another passphrase, and none, only with the present one", async () => {
    const client = await open({});
    await expect(client.vault.guard({ next: "short" })).rejects.toMatchObject({ data: { where: "next" } });
    await client.vault.guard({ next: FIRST });
    await expect(client.vault.guard({ next: OTHER })).rejects.toMatchObject({ data: { where: "current" } });
    await expect(client.vault.guard({ current: OTHER, next: OTHER })).rejects.toMatchObject(WRONG);
    await expect(client.vault.unguard({ current: OTHER })).rejects.toMatchObject(WRONG);
    await client.vault.guard({ current: FIRST, next: OTHER });
    await client.vault.unguard({ current: OTHER });
    expect(await client.vault.state()).toMatchObject({ isOpen: true, isGuarded: false });
  });

  it("leaves no passphrase in the workspace, in answers or in what is reported", async () => {
    const wrong = "Zx9-a wrong one-K";
    const right = "Zx9-the right one-K";
    const client = await open({});
    await client.vault.guard({ next: right });
    const said: string[] = [];
    const hear = (error: unknown) => void said.push(String(error), JSON.stringify(error));
    await client.vault.unlock({ passphrase: wrong }).catch(hear);
    await client.vault.guard({ current: wrong, next: right }).catch(hear);
    await client.vault.guard({ current: right, next: "Zx9-K" }).catch(hear);
    await client.vault.unlock({ passphrase: wrong.repeat(100) }).catch(hear);
    await client.vault.unlock({ passphrase: 5 as unknown as string }).catch(hear);
    expect(said).toHaveLength(10);
    const places = { ...workspaceIn(served!.host.store.folder), said: said.join("\n") };
    expect(findings({ wrong, right }, places)).toEqual([]);
  });
});

describe("the system's keychain", () => {
  it("keeps the key when it is asked to, and until the passphrase changes or it is told to forget", async () => {
    const keys = mkdtempSync(join(tmpdir(), "apg-keys-"));
    const keeper = keyKeeper(keychain("gnome_libsecret"), keys, "linux");
    const first = await open({ keeper });
    await first.vault.guard({ next: FIRST });
    expect(await first.vault.state()).toMatchObject({ canRemember: true, isRemembered: false });
    expect(readdirSync(keys)).toEqual([]);
    await expect(first.vault.unlock({ passphrase: OTHER, remember: true })).rejects.toMatchObject(WRONG);
    expect(readdirSync(keys)).toEqual([]);
    await first.vault.unlock({ passphrase: FIRST, remember: true });
    expect(await first.vault.state()).toMatchObject({ isRemembered: true });
    const { folder } = served!.host.store;
    const opensBy = (): string => {
      let by = "";
      openKept(folder, keeper, (given) => {
        by = given.kept === undefined ? "nothing" : "the keychain";
        return { ok: true, value: null };
      });
      return by;
    };
    expect(opensBy()).toBe("the keychain");
    await first.vault.guard({ current: FIRST, next: OTHER, remember: true });
    expect([opensBy(), readdirSync(keys).length]).toEqual(["the keychain", 1]);
    await first.vault.forget();
    expect([opensBy(), readdirSync(keys).length]).toEqual(["nothing", 0]);
    await first.vault.unlock({ passphrase: OTHER, remember: true });
    await first.vault.guard({ current: OTHER, next: FIRST });
    expect([opensBy(), readdirSync(keys).length]).toEqual(["nothing", 0]);
  });

  it("is not offered where the system only hides what it keeps", async () => {
    const keys = mkdtempSync(join(tmpdir(), "apg-keys-"));
    const client = await open({ keeper: keyKeeper(keychain("basic_text"), keys, "linux") });
    await client.vault.guard({ next: FIRST, remember: true });
    expect(await client.vault.state()).toMatchObject({ canRemember: false, isRemembered: false });
    expect(readdirSync(keys)).toEqual([]);
  });
});
