import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(".");
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

function cruise(folder: string): { readonly code: number | null; readonly violations: readonly Violation[] } {
  const ended = spawnSync(
    process.execPath,
    [
      cruiser,
      "--config",
      join(root, ".dependency-cruiser.cjs"),
      "--output-type",
      "json",
      "src-shared",
      "src-main",
      "src-renderer",
    ],
    { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return { code: ended.status, violations: JSON.parse(ended.stdout).summary.violations };
}

/** One planted fault a wall: file, what it says, and the rule that has to find it. */
const faults: readonly (readonly [file: string, text: string, rule: string])[] = [
  ["src-shared/expression/up.ts", 'import { x } from "../execution/x";\nexport const y = x;', "ladder-expression"],
  ["src-shared/base/up.ts", 'import type { X } from "../contract/x";\nexport type Y = X;', "ladder-base"],
  [
    "src-shared/execution/clock.ts",
    'import { readFileSync } from "node:fs";\nexport const y = readFileSync;',
    "shared-is-pure",
  ],
  [
    "src-shared/debug/side.ts",
    'import { s } from "../../src-main/store/s";\nexport const y = s;',
    "shared-knows-no-side",
  ],
  [
    "src-renderer/canvas/host.ts",
    'import { s } from "../../src-main/store/s";\nexport const y = s;',
    "screens-know-no-host",
  ],
  ["src-main/engine/store.ts", 'import { s } from "../store/s";\nexport const y = s;', "room-engine"],
  ["src-main/api/window.ts", 'import * as e from "electron";\nexport const y = e;', "electron-stays-in-the-shell"],
  ["src-main/engine/sql.ts", 'import D from "better-sqlite3";\nexport const y = D;', "sqlite-stays-in-the-store"],
  [
    "src-main/worker/data/rows.ts",
    'import { DuckDBInstance } from "@duckdb/node-api";\nexport const y = DuckDBInstance;',
    "duckdb-stays-in-its-file",
  ],
  [
    "src-main/worker/threads.ts",
    'import { Piscina } from "piscina";\nexport const y = Piscina;',
    "piscina-stays-in-the-pool",
  ],
  [
    "src-renderer/inspector/text.ts",
    'import * as m from "monaco-editor";\nexport const y = m;',
    "monaco-stays-in-the-text-view",
  ],
  [
    "src-renderer/debugger/flow.ts",
    'import * as f from "@xyflow/svelte";\nexport const y = f;',
    "xyflow-stays-in-the-canvas",
  ],
  ["src-shared/workflow/ring.ts", 'import { b } from "./ring-b";\nexport const a = b;', "no-cycles"],
];

describe("the walls", () => {
  const folder = mkdtempSync(join(tmpdir(), "apg-walls-"));

  function plant(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }

  beforeAll(() => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    symlinkSync(join(root, "tsconfig.base.json"), join(folder, "tsconfig.base.json"));
    plant("src-shared/execution/x.ts", "export const x = 1;");
    plant("src-shared/contract/x.ts", "export interface X { readonly x: number }");
    plant("src-shared/workflow/ring-b.ts", 'import { a } from "./ring";\nexport const b = () => a;');
    plant("src-main/store/s.ts", "export const s = 1;");
    for (const [file, text] of faults) plant(file, text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("stand in this checkout", () => {
    const { code, violations } = cruise(root);
    expect(violations.map((v) => `${v.from}: ${v.rule.name}`)).toEqual([]);
    expect(code).toBe(0);
  });

  it("show every planted fault by its rule", () => {
    const found = cruise(folder).violations.map((v) => `${v.from} ${v.rule.name}`);
    for (const [file, , rule] of faults) {
      // A ring is reported once, from whichever of its files comes first.
      const hit = found.some((line) => line.startsWith(file.replace(".ts", "")) && line.endsWith(` ${rule}`));
      expect(hit, `${file} breaks ${rule}: ${found.join(", ")}`).toBe(true);
    }
  });
});
