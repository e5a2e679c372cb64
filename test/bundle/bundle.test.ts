import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { exportBundle, findBeside, inspectBundle, openBundle } from "../../src-main/bundle/bundle";

const CHILD = `id: price_order
name: Price Order
version: 2.1.0
purpose: Price one order
parameters:
  rate: {type: number}
components:
  - id: price
    type: code
    name: Price the order
    config:
      language: typescript
      source: |
        const total: number = input.amount * 2;
        return { total };
`;
const ROOT = `# Prices every order.
id: price_orders
name: Price Orders
version: 1.0.0
purpose: Price all orders
components:
  - id: read_orders
    type: file
    name: Read orders
    config: {operation: read, path: data/orders.json, format: json}
  - id: each_order
    type: loop
    name: For each order
    config:
      items: "{{ read_orders.output }}"
      components:
        - id: price_one
          type: workflow_call
          name: Price one order
          config: {workflow_id: price_order, parameters: {rate: 2}}
`;

describe("a bundle", () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "apg-bundle-"));
    file = join(folder, "orders.apgb");
    await writeFile(join(folder, "price_orders.workflow.yaml"), ROOT);
    await writeFile(join(folder, "price_order.workflow.yaml"), CHILD);
    const { mkdir } = await import("node:fs/promises");
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data/orders.json"), '[{"amount": 3}]');
    const written = await exportBundle("price_orders", findBeside(folder), "0.1.0", file);
    if (!written.ok) throw new Error(JSON.stringify(written.problem));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is the same bytes when written twice", async () => {
    const again = join(folder, "again.apgb");
    const written = await exportBundle("price_orders", findBeside(folder), "0.1.0", again);
    expect(written.ok).toBe(true);
    expect((await readFile(again)).equals(await readFile(file))).toBe(true);
  });

  it("holds called workflows, code, schemas and the files that are read", async () => {
    const report = await inspectBundle(file);
    if (!report.ok) throw new Error(JSON.stringify(report.problem));
    expect(report.value.entries.map((entry) => entry.path)).toEqual([
      "code/price_order/price.ts",
      "files/data/orders.json",
      "schemas/price_order.parameters.schema.json",
      "workflows/price_order.workflow.yaml",
      "workflows/price_orders.workflow.yaml",
    ]);
    expect(report.value.problems).toEqual([]);
    const opened = await openBundle(file);
    expect(opened.ok && opened.value.workflows.get("price_orders")?.text).toBe(ROOT);
  });

  it("shows every flipped byte, and names the entry that it hit", async () => {
    const bytes = await readFile(file);
    const flipped = join(folder, "flipped.apgb");
    for (let at = 0; at < bytes.length; at += 7) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x20;
      await writeFile(flipped, copy);
      const report = await inspectBundle(flipped);
      const intact = report.ok && report.value.intact;
      expect(intact, `byte ${at} of ${bytes.length}`).toBe(false);
    }
    const content = bytes.indexOf(Buffer.from("workflows/price_orders.workflow.yaml")) + 60;
    const copy = Buffer.from(bytes);
    copy[content] = (copy[content] ?? 0) ^ 1;
    await writeFile(flipped, copy);
    const report = await inspectBundle(flipped);
    expect(report.ok ? report.value.problems.join(" ") : "").toContain("workflows/price_orders.workflow.yaml");
  });

  it("unpacks data files below the folder it is given", async () => {
    const into = join(folder, "unpacked");
    const opened = await openBundle(file, into);
    expect(opened.ok && opened.value.problems).toEqual([]);
    expect(await readFile(join(into, "files/data/orders.json"), "utf8")).toBe('[{"amount": 3}]');
  });

  it("refuses an archive whose entries would leave the folder", async () => {
    const hostile = join(folder, "hostile.apgb");
    const bytes = await zipOf({ "manifest.json": "{}", AAAAAAAAAAAAA: "out" });
    await writeFile(
      hostile,
      Buffer.from(bytes.toString("latin1").replaceAll("AAAAAAAAAAAAA", "../../../evil"), "latin1"),
    );
    const report = await inspectBundle(hostile);
    expect(report.ok).toBe(false);
    expect(report.ok ? "" : JSON.stringify(report.problem)).toContain("../../../evil");
  });

  it("refuses a small archive whose texts would unpack to a large one", async () => {
    const bomb = join(folder, "bomb.apgb");
    const texts = ["a", "b", "c"].map((id) => `workflows/${id}.workflow.yaml`);
    const manifest = {
      format: 1,
      made_by: "x",
      root: { id: "a", name: "A", version: "1.0.0" },
      workflows: [{ id: "a", version: "1.0.0", path: texts[0] }],
      needs: [],
      entries: texts.map((path) => ({ path, kind: "workflow", bytes: 30_000_000, sha256: "0".repeat(64) })),
    };
    const zeros = Buffer.alloc(30_000_000);
    const entries = Object.fromEntries(texts.map((path) => [path, zeros]));
    await writeFile(bomb, await zipOf({ "manifest.json": JSON.stringify(manifest), ...entries }, true));
    expect(await inspectBundle(bomb)).toMatchObject({
      ok: false,
      problem: { kind: "too-large", entry: "workflows/c.workflow.yaml" },
    });
  });

  it("says that a text file is no bundle, and that a missing one is missing", async () => {
    const text = await inspectBundle(join(folder, "price_order.workflow.yaml"));
    expect(text).toMatchObject({ ok: false, problem: { kind: "no-archive" } });
    const none = await inspectBundle(join(folder, "none.apgb"));
    expect(none).toMatchObject({ ok: false, problem: { kind: "unreadable", reason: "there is no such file" } });
  });

  it("is not written when a called workflow is missing, and leaves nothing behind", async () => {
    const lonely = await mkdtemp(join(tmpdir(), "apg-lonely-"));
    await writeFile(join(lonely, "price_orders.workflow.yaml"), ROOT);
    const target = join(lonely, "out.apgb");
    const written = await exportBundle("price_orders", findBeside(lonely), "0.1.0", target);
    expect(written).toMatchObject({
      ok: false,
      problem: { kind: "unknown-workflow", id: "price_order", calledBy: "price_orders" },
    });
    await expect(readFile(target)).rejects.toThrow();
    await rm(lonely, { recursive: true });
  });
});

async function zipOf(entries: { readonly [path: string]: string | Buffer }, compress = false): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(entries))
    zip.addBuffer(typeof content === "string" ? Buffer.from(content) : content, path, { compress });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
