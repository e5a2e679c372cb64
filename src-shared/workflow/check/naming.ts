import type { Rule, Subject } from "./subject";

/** Words that say nothing about what a component does. */
const EMPTY = new Set(
  "a an the my new old some thing things stuff comp component components step steps task tasks node nodes item items object obj data proc process processing do does doing handle handler misc tmp temp test foo bar baz qux dummy sample work job run it this that untitled unnamed".split(
    " ",
  ),
);

/** More components than one responsibility needs. */
const MANY = 30;

/** Names that say nothing, and workflows that do more than one thing. */
export const naming: Rule = (subject) => {
  // The component around a policy is not the author's.
  const isAuthors = subject.document.layout?.kind !== "policy";
  for (const { component, path, descriptor } of isAuthors ? subject.components : []) {
    if (component.id !== "" && isEmpty(component.id) && !isPlainFlow(descriptor?.type, component.id)) {
      subject.report(
        "vague-name",
        "warning",
        [...path, "id"],
        `${component.id} does not say what the component does; name it after its work, such as extract_customers.`,
      );
    }
    if (component.name !== undefined && component.name.trim() !== "" && isEmpty(component.name)) {
      subject.report(
        "vague-name",
        "warning",
        [...path, "name"],
        `“${component.name}” does not say what the component does.`,
      );
    }
  }
  responsibility(subject);
};

/** Whether a name consists of words that say nothing, numbers and single letters. */
export function isEmpty(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  return words.every((word) => word.length === 1 || EMPTY.has(word));
}

/** The pills at the ends are called what they are. */
function isPlainFlow(type: string | undefined, id: string): boolean {
  return type !== undefined && id.startsWith(type) && /^(?:_?\d+)?$/.test(id.slice(type.length));
}

function responsibility(subject: Subject): void {
  const { workflow } = subject;
  const name = workflow.name ?? "";
  if (/\S\s+(?:and|&|\+)\s+\S/i.test(name)) {
    subject.report(
      "too-many-responsibilities",
      "warning",
      ["name"],
      `“${name}” names more than one responsibility; make each a workflow of its own and call them.`,
    );
  }
  const purpose = workflow.purpose ?? "";
  const ands = purpose.match(/\band\b/gi)?.length ?? 0;
  if (/\bAND\b/.test(purpose) || ands >= 3) {
    subject.report(
      "too-many-responsibilities",
      "warning",
      ["purpose"],
      "The purpose joins several responsibilities; make each a workflow of its own and call them.",
    );
  }
  const count = subject.components.length;
  if (count > MANY) {
    subject.report(
      "too-many-components",
      "warning",
      ["components"],
      `The workflow has ${count} components; above ${MANY}, move parts into workflows of their own and call them.`,
      { at: "key" },
    );
  }
}
