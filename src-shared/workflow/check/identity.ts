import { ID_PATTERN } from "../../base/ids";
import { nearest } from "../../expression/nearest";
import { COMPONENT_KEYS } from "../edits/draft";
import { freshId } from "../edits/paste";
import { NO_WORKFLOW, TOP_ALIASES } from "../instead";
import { WORKFLOW_KEYS } from "../layout";
import { SCOPE_NAMES } from "../shape";
import { idFrom } from "../wellformed";
import { unknownKey, unknownKeysOf } from "./config";
import type { Rule, Subject } from "./subject";

const CEL_WORDS = [
  "true",
  "false",
  "null",
  "in",
  "as",
  "break",
  "const",
  "continue",
  "else",
  "for",
  "function",
  "if",
  "import",
  "let",
  "loop",
  "package",
  "namespace",
  "return",
  "var",
  "void",
  "while",
];
const RESERVED = new Set<string>([...CEL_WORDS, ...SCOPE_NAMES]);

const CONNECTION_KEYS = ["source", "target", "type", "condition", "case", "label"];

/** Ids that cannot be used, and keys that nobody reads. */
export const identity: Rule = (subject) => {
  workflowId(subject);
  for (const { component, path } of subject.components) {
    const { id } = component;
    if (id === "") continue;
    const at = [...path, "id"];
    const isTaken = (other: string): boolean => subject.graph.byId.has(other);
    if (!ID_PATTERN.test(id)) {
      const fresh = freshId(componentIdFrom(id), isTaken);
      subject.report(
        "bad-id",
        "error",
        at,
        `An id has lower-case letters, digits and _, a letter first; ${id} has not.`,
        {
          fix: {
            title: `Rename to ${fresh}`,
            edit: { kind: "all", edits: [{ kind: "rename-component", id, to: fresh }] },
          },
        },
      );
    } else if (RESERVED.has(id)) {
      const fresh = freshId(`${id}_step`, isTaken);
      subject.report(
        "reserved-id",
        "error",
        at,
        `${id} has a meaning of its own in expressions, so no component can have it as its id.`,
        { fix: { title: `Rename to ${fresh}`, edit: { kind: "rename-component", id, to: fresh } } },
      );
    } else if (Object.hasOwn(subject.workflow.parameters ?? {}, id)) {
      subject.report(
        "name-clash",
        "warning",
        at,
        `A parameter is called ${id} too; expressions see the component, and the parameter as parameters.${id}.`,
      );
    }
    for (const key of unknownKeysOf(component as never, COMPONENT_KEYS)) {
      unknownKey(
        subject,
        [...path, key],
        key,
        COMPONENT_KEYS,
        `${key} is not a key of a component; it is kept and has no effect.`,
      );
    }
  }
  (subject.workflow.connections ?? []).forEach((connection, index) => {
    for (const key of unknownKeysOf(connection as never, CONNECTION_KEYS)) {
      unknownKey(
        subject,
        ["connections", index, key],
        key,
        CONNECTION_KEYS,
        `${key} is not a key of a connection; it is kept and has no effect.`,
      );
    }
  });
};

function workflowId(subject: Subject): void {
  const { workflow, document } = subject;
  if (document.layout?.kind !== "workflow" || document.problems.some(({ rule }) => rule === NO_WORKFLOW)) return;
  const written = document.view?.["id"];
  if (written === undefined || written === null) {
    subject.report("missing-id", "warning", [], `The workflow has no id; it is called ${workflow.id}.`, {
      fix: { title: `Write id: ${workflow.id}`, edit: { kind: "set", path: ["id"], value: workflow.id } },
    });
  } else if (!ID_PATTERN.test(workflow.id)) {
    const fresh = idFrom(workflow.id);
    subject.report(
      "bad-id",
      "error",
      ["id"],
      `An id has lower-case letters, digits and _, a letter first; ${JSON.stringify(workflow.id)} has not.`,
      { fix: { title: `Write ${fresh}`, edit: { kind: "set", path: ["id"], value: fresh } } },
    );
  }
  if (workflow.version !== undefined && !/^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/.test(workflow.version)) {
    subject.report(
      "bad-version",
      "warning",
      ["version"],
      `${workflow.version} is not a semantic version such as 1.0.0.`,
    );
  }
  for (const key of unknownKeysOf(document.view, [...WORKFLOW_KEYS, ...TOP_ALIASES])) {
    const near = nearest(key, WORKFLOW_KEYS);
    unknownKey(
      subject,
      [key],
      key,
      near === undefined || workflow[near] !== undefined ? [] : [near],
      `${key} is not a key of a workflow; it is kept and has no effect.`,
    );
  }
}

function componentIdFrom(id: string): string {
  const from = idFrom(id);
  return from === "workflow" ? "component" : from;
}
