import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apg } from "./apg";

const STACK = /\n\s+at .+:\d+:\d+/;

/** Arguments, exit code, and what the sentence has to say. `@` is the folder of the files below. */
const cases: readonly (readonly [args: string, code: number, says: RegExp])[] = [
  ["check @/none.yaml", 2, /none\.yaml: there is no such file/],
  ["check @", 2, /is a folder/],
  ["check @/huge.yaml", 2, /more than the 20 MB/],
  ["check @/deep.yaml", 1, /deep\.yaml:1:\d+ error too-deep/],
  ["check @/deep.json", 1, /deep\.json:1:\d+ error too-deep/],
  ["check @/bomb.yaml", 1, /bomb\.yaml:\d+:\d+ error/],
  ["check @/binary.yaml", 2, /is a binary file/],
  ["check @/latin.yaml", 2, /is not UTF-8/],
  ["check @/empty.yaml", 1, /empty\.yaml:1:1 error empty/],
  ["check @/types.yaml", 1, /types\.yaml:2:13 error/],
  ["check @/unknown.yaml", 0, /unknown\.yaml:5:1 warning unknown-key frobnicate/],
  ["check @/bom.workflow.yaml", 0, /No findings/],
  ["check @/calls.workflow.yaml --workspace @/none", 1, /calls\.workflow\.yaml:6:\d+ error missing-workflow .*callee/],
  ["check @/calls.workflow.yaml @/callee.yaml --workspace @/none", 0, /\d+ warnings|No findings/],
  ["run @/calls.workflow.yaml", 2, /error missing-workflow .*callee/],
  ["run @/types.yaml", 2, /types\.yaml:2:13 error/],
  ["check @/blocks.workflow.yaml", 2, /blocked.*cannot be read/],
  ["run @/blocks.workflow.yaml", 2, /blocked.*cannot be read/],
  ["check @/input.json", 0, /input\.json:1:1 warning no-workflow .*\(customer, sku\)/],
  ["run @/input.json", 2, /input\.json:1:1 warning no-workflow .*\(customer, sku\)/],
  ["run nowhere", 2, /neither a file nor a workflow "nowhere"/],
  ["run @/bom.workflow.yaml --param count=1", 2, /no such parameter/],
  ["run @/typed.workflow.yaml --param count=many", 2, /count: "many" is no integer/],
  ["run @/typed.workflow.yaml", 2, /count/],
  ["run @/bom.workflow.yaml --input @/none.json", 2, /none\.json: there is no such file/],
  ["run @/bom.workflow.yaml --input @/types.yaml", 2, /is no JSON/],
  ["bundle verify @/binary.yaml", 1, /is no bundle/],
  ["bundle inspect @/none.apgb", 1, /there is no such file/],
  ["executions show nothing", 2, /There is no execution nothing/],
  ["executions stop nothing", 2, /[Tt]here is no execution nothing/],
  ["restore @/types.yaml", 2, /is no backup/],
  ["components nothing", 2, /no component type "nothing"/],
  ["run @/bom.workflow.yaml --param __proto__=1", 2, /no such parameter/],
  ["run @/bom.workflow.yaml --allow @/none", 2, /--allow .*none: there is no such folder/],
  ["run @/bom.workflow.yaml --allow @/empty.yaml", 2, /there is no such folder/],
  ["run @/bom.workflow.yaml --input ''", 2, /--input is empty/],
  ["run @/hourly.workflow.yaml --schedule 1h --from 0001-01-01T00:00:00Z", 2, /no moment between 1970 and 9999/],
  ["executions list --limit 0", 2, /whole number from 1 on/],
  ["executions list --limit ''", 2, /whole number/],
  ["executions list --limit -1", 2, /whole number/],
  ["executions show ''", 2, /"id" is empty/],
  ["executions list --workspace ''", 2, /--workspace is empty/],
  ["resume ''", 2, /"id" is empty/],
  ["resume nothing", 2, /^There is no execution nothing/],
  ["breakers reset '' --workspace @/none", 2, /"key" is empty/],
  ["cache clear '' --workspace @/none", 2, /"key" is empty/],
  ["cache clear --search '' --workspace @/none", 2, /--search is empty/],
  ["privacy erase --value x --field '' --workspace @/none", 2, /--field is empty/],
  ["triggers enable hourly '' --workspace @/none", 2, /whole number/],
  ["environments set x __proto__=1 --workspace @/none", 2, /is no NAME=value/],
  ["secrets import @ --workspace @/none", 2, /is a folder/],
  ["secrets import @/huge.yaml --workspace @/none", 2, /more than the 1 MB/],
  ["backup @ --workspace @/none", 2, /is a folder/],
  ["backup @/no/such.db --workspace @/none", 1, /its folder does not exist/],
  ["backup @/empty.yaml --workspace @/none", 2, /is there already/],
  ["frobnicate", 2, /unknown command/],
  ["run", 2, /missing required argument/],
];

describe("bad input gets a sentence and the right exit code", () => {
  const folder = mkdtempSync(join(tmpdir(), "apg-bad-"));
  const write = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);

  beforeAll(() => {
    write("huge.yaml", "[".repeat(21 * 1024 * 1024));
    write("deep.yaml", "[".repeat(3000));
    write("deep.json", "[".repeat(200_000));
    const levels = Array.from(
      { length: 9 },
      (_, i) => `${"bcdefghij"[i]}: &${"bcdefghij"[i]} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]`,
    );
    write("bomb.yaml", `a: &a ["x","x","x"]\n${levels.join("\n")}\n`);
    write("binary.yaml", Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)));
    write("latin.yaml", Buffer.from("name: Z\xfcrich", "latin1"));
    write("empty.yaml", "");
    write(
      "hourly.workflow.yaml",
      'id: hourly\ntriggers: [{type: schedule, cron: "0 * * * *"}]\ncomponents:\n  - {id: say, type: log, config: {message: hi}}\n',
    );
    write("input.json", '{"customer": "Njeri", "sku": "KB-101"}');
    mkdirSync(join(folder, "blocked.workflow.yaml"));
    write(
      "blocks.workflow.yaml",
      "id: blocks\nname: Blocks\nversion: 1.0.0\npurpose: Call\ncomponents:\n  - {id: call_it, type: workflow_call, name: Call it, config: {workflow_id: blocked}}\n",
    );
    write("types.yaml", "id: five\ncomponents: nope\n");
    write(
      "unknown.yaml",
      "id: unknown_keys\nname: Unknown Keys\npurpose: Try\nversion: 1.0.0\nfrobnicate: 1\ncomponents:\n  - {id: say, type: log, name: Say hello, config: {message: hi}}\n",
    );
    write(
      "bom.workflow.yaml",
      "\uFEFFid: bom_crlf\r\nname: Bom Crlf\r\nversion: 1.0.0\r\npurpose: Say hello\r\ncomponents:\r\n  - {id: say, type: log, name: Say hello, config: {message: hello}}\r\n",
    );
    write(
      "calls.workflow.yaml",
      "id: calls\nname: Calls\nversion: 1.0.0\npurpose: Call another\ncomponents:\n  - {id: call_it, type: workflow_call, name: Call it, config: {workflow_id: callee}}\n",
    );
    write(
      "callee.yaml",
      "id: callee\nname: Callee\nversion: 1.0.0\npurpose: Be called\ncomponents:\n  - {id: say, type: log, name: Say hello, config: {message: hi}}\n",
    );
    write(
      "typed.workflow.yaml",
      'id: typed\nname: Typed\nversion: 1.0.0\npurpose: Count\nparameters:\n  count: {type: integer}\ncomponents:\n  - {id: say, type: log, name: Say it, config: {message: "{{ count }}"}}\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [line, code, says] of cases) {
    it(`apg ${line}`, async () => {
      const workspace = /^(run|executions|restore|resume)\b(?!.*--workspace)/.test(line)
        ? ["--workspace", join(folder, "workspace")]
        : [];
      const ended = await apg([
        ...line.split(" ").map((word) => (word === "''" ? "" : word.replace("@", folder))),
        ...(line === "run" ? [] : workspace),
      ]);
      expect(`${ended.stdout}${ended.stderr}`).toMatch(says);
      expect(ended.code).toBe(code);
      expect(`${ended.stdout}${ended.stderr}`).not.toMatch(STACK);
    });
  }
});
