import fc from "fast-check";
import type { Edit } from "@shared/workflow/edit";
import { readWorkflow, type WorkflowDocument, type WorkflowFormat } from "@shared/workflow/file";

/** The same workflow as people write it: block style with comments, flow style, lists at the margin, JSON. */
export const BLOCK = `# Customers, every night
id: customers   # unique
name: "Customer import"
purpose: >-
  Fetch and clean
  customers
parameters:
  # where from
  url: {type: string, format: uri}
components:
  # gets them
  - id: fetch   # first
    type: http_request
    config:
      url: "{{ parameters.url }}/all"  # with the path
      headers:
        Accept: application/json
    retry_policy: {max_attempts: 3}

  # cleans them
  - id: clean
    type: transform
    condition: fetch.output.status == 200
    config:
      records: "{{ fetch.output.body }}"
      notes: |
        two lines
        # not a comment

    position: {x: 10, y: 20}

  - id: each
    type: loop
    config:
      items: '{{ clean.output }}'
      components:
        # one by one
        - id: price
          type: log
          config: {message: "{{ item.name }}"} # names
        - send
  - {id: send, type: log, config: {message: "{{ components['price'].output }}"}}
x_unknown: [kept, {as: it is}]
# the end
`;

const MARGIN = BLOCK.replace(/^ {2}(?=[ #-])/gm, "");

const FLOW = `{id: customers, name: Customer import, # one line
components: [{id: fetch, type: http_request, config: {url: "https://a.test/{{ input_data.x }}"}}, {id: clean, type: transform, config: {records: "{{ fetch.output.body }}"}}, {id: each, type: loop, config: {items: [1, 2], components: [send]}}, {id: send, type: log}],
connections: [{source: fetch, target: clean}, {source: clean, target: each, type: error}]}
`;

const CONNECTED = `${BLOCK}connections:
- source: fetch
  target: clean   # on success
# when it fails
- {source: fetch, target: each, type: error}
`;

const json = (text: string, step: number): string => JSON.stringify(readWorkflow(text, "yaml").view, null, step);

/** A text with its format. */
export interface Sample {
  readonly text: string;
  readonly format: WorkflowFormat;
}

const yaml = (text: string): Sample => ({ text, format: "yaml" });

/** Texts of every style. */
export const samples: readonly Sample[] = [
  yaml(BLOCK),
  yaml(MARGIN),
  yaml(FLOW),
  yaml(CONNECTED),
  yaml(BLOCK.replaceAll("\n", "\r\n")),
  yaml(`\ufeff${CONNECTED.trimEnd()}`),
  { text: json(BLOCK, 2), format: "json" },
  { text: json(CONNECTED, 4), format: "json" },
  { text: json(FLOW, 0), format: "json" },
];

/** Any of the samples, read. */
export const documents: fc.Arbitrary<WorkflowDocument> = fc
  .constantFrom(...samples)
  .map(({ text, format }) => readWorkflow(text, format));

const id = fc.constantFrom("fetch", "clean", "each", "send", "price", "store", "notify_sales");
const key = fc.constantFrom(
  "url",
  "headers",
  "notes",
  "records",
  "message",
  "timeout",
  "list of things",
  "200",
  "a: b",
);
const word = fc.constantFrom(
  "",
  "plain",
  "{{ fetch.output }}",
  "a: b",
  "# no comment",
  "two\nlines\n",
  " lead",
  "1.5",
  "true",
  "quote ' and \" both",
  "é✓",
  "trail ",
  "\ttab\n\n",
  "-",
  "[x",
  "null",
  "x\n\ny",
  "multi\n  indented\n",
);
const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  word,
  fc.integer({ min: -5, max: 999 }),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec<{ value: never }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ) as never,
})).value as fc.Arbitrary<never>;
const connection = fc.record(
  { source: id, target: id, type: fc.constantFrom("success", "error") },
  { requiredKeys: ["source", "target"] },
);
const component = fc.record(
  { id, type: fc.constantFrom("log", "transform"), name: word, config: fc.dictionary(key, value, { maxKeys: 3 }) },
  { requiredKeys: ["id", "type"] },
);

/** An edit that may or may not be possible. */
export const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant("add-component"), component, after: id }, { requiredKeys: ["kind", "component"] }),
  fc.record({ kind: fc.constant("add-component"), component, into: fc.constant({ owner: "each" }) }),
  fc.record({ kind: fc.constant("remove-components"), ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("rename-component"), id, to: id }),
  fc.record({
    kind: fc.constant("move-components"),
    to: fc.dictionary(id, fc.record({ x: fc.integer(), y: fc.integer() }), { maxKeys: 3 }),
  }),
  fc.record({ kind: fc.constant("connect"), connection }),
  fc.record({ kind: fc.constant("disconnect"), connection }),
  fc.record({ kind: fc.constant("set-connection"), connection, to: connection }),
  fc.record({ kind: fc.constant("set-in-component"), id, path: fc.tuple(fc.constant("config"), key), value }),
  fc.record({
    kind: fc.constant("set-in-component"),
    id,
    path: fc.tuple(fc.constantFrom("name", "notes", "condition")),
    value: word,
  }),
  fc.record({
    kind: fc.constant("remove-in-component"),
    id,
    path: fc.constantFrom(["config"], ["config", "url"], ["position"], ["config", "components", 0]),
  }),
  fc.record({
    kind: fc.constant("paste"),
    components: fc.uniqueArray(component, { minLength: 1, maxLength: 2, selector: (each) => each.id }),
    connections: fc.array(connection, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant("set"),
    path: fc.constantFrom(
      ["name"],
      ["outputs"],
      ["version"],
      ["parameters", "limit"],
      ["x_unknown", 0],
      ["components", 0, "config"],
    ),
    value,
  }),
  fc.record({
    kind: fc.constant("remove"),
    path: fc.constantFrom(["name"], ["connections"], ["x_unknown", 1], ["parameters", "url"], ["components", 1]),
  }),
  fc.record({
    kind: fc.constant("move"),
    from: fc.constantFrom(["x_unknown"], ["components", 0, "config", "headers"], ["parameters"]),
    to: fc.constantFrom(["outputs"], ["components", 1, "optimization"], ["metadata"]),
  }),
  fc.record({
    kind: fc.constant("merge"),
    value: fc.dictionary(fc.constantFrom("name", "metadata", "tags"), value, { maxKeys: 2 }),
  }),
) as fc.Arbitrary<Edit>;
