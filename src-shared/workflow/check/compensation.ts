import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { undoDefault } from "../../components/undo-defaults";
import { nearest } from "../../expression/nearest";
import type { Path } from "../workflow";
import { changesOutside } from "./side-effects";
import type { ComponentAt, Rule, Subject } from "./subject";

/** Types that cannot undo anything: they run others, or wait. */
const NO_UNDO: readonly string[] = ["parallel", "loop", "wait", "human_task"];

/** What undoes components, and what nothing undoes. */
export const compensation: Rule = (subject) => {
  const { compensation: entries } = subject.workflow;
  if (!isJsonObject(entries)) return;
  const components = new Map(subject.components.map((at) => [at.component.id, at]));
  for (const [id, undo] of Object.entries(entries)) {
    const path = ["compensation", id];
    const at = components.get(id);
    if (at === undefined) unknownComponent(subject, id, path);
    if (!isJsonObject(undo)) {
      subject.report("undo-config", "error", path, "What undoes a component is a mapping with component and config.");
    } else entry(subject, id, undo, path, at);
  }
  if (Object.keys(entries).length === 0) return;
  for (const at of subject.components) if (!Object.hasOwn(entries, at.component.id)) uncompensated(subject, at);
};

function unknownComponent(subject: Subject, id: string, path: Path): void {
  const near = nearest(id, subject.graph.byId.keys());
  const fix =
    near === undefined
      ? undefined
      : { title: `Rename to ${near}`, edit: { kind: "move", from: path, to: ["compensation", near] } as const };
  subject.report("unknown-component", "error", path, `There is no component ${id} to undo.`, { at: "key", fix });
}

function entry(subject: Subject, id: string, undo: JsonObject, path: Path, at: ComponentAt | undefined): void {
  const meant = at === undefined ? undefined : undoDefault(at.canonical.type, at.canonical.config);
  const type = undo["component"] ?? meant?.component;
  const descriptor = typeof type === "string" ? subject.descriptorOf(type) : undefined;
  if (descriptor === undefined) {
    unknownType(subject, undo["component"], [...path, "component"]);
    return;
  }
  if (NO_UNDO.includes(descriptor.type)) {
    const message = `A component of type ${descriptor.type} undoes nothing by itself; name a type that takes ${id} back.`;
    subject.report("undo-config", "error", [...path, "component"], message);
    return;
  }
  // Without a config the type's own default is taken, where it has one.
  if (undo["config"] === undefined && at !== undefined) {
    if (undoDefault(at.canonical.type, at.canonical.config, descriptor.type) !== undefined) return;
  }
  const config = isJsonObject(undo["config"]) ? undo["config"] : {};
  const missing = (descriptor.config_schema.required ?? []).filter((key) => config[key] === undefined);
  if (missing.length === 0) return;
  const message = `Undoing ${id} with ${descriptor.type} needs ${missing.join(", ")} in its config.`;
  subject.report("undo-config", "error", path, message, { at: "key" });
}

function unknownType(subject: Subject, type: Json | undefined, path: Path): void {
  if (typeof type !== "string") {
    subject.report("unknown-type", "error", path, "The component type that undoes is missing.");
    return;
  }
  subject.report("unknown-type", "error", path, `There is no component type ${type}.`);
}

/** Where some things are undone, what is not undone was probably forgotten. */
function uncompensated(subject: Subject, { component, canonical, path }: ComponentAt): void {
  if (component.disabled === true || !changesOutside(canonical)) return;
  const name = component.name ?? component.id;
  const meant = undoDefault(canonical.type, canonical.config);
  const fix =
    meant === undefined
      ? undefined
      : ({
          title: `Undo it with ${meant.component}`,
          edit: { kind: "set", path: ["compensation", component.id], value: { component: meant.component } },
        } as const);
  subject.report(
    "side-effect-not-undone",
    "warning",
    path,
    `${name} changes something outside and stays done when the workflow fails: it has no entry in compensation.`,
    { at: "component", fix },
  );
}
