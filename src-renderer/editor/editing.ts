import { descriptorOf } from "@shared/components/catalogue";
import type { Edit } from "@shared/workflow/edit";
import type { AddPlace } from "../canvas/canvas-props";
import { connectionKey } from "../canvas/marks";
import { outlineOf, type Line } from "../canvas/outline";
import { sceneOf } from "../canvas/scene";
import type { DocumentState } from "../state/document.svelte";
import { notices } from "../state/notices.svelte";
import { editorText } from "../text/editor";
import { addition } from "./adding";
import { copyOf, pasteOf } from "./clipboard";

/** The connection selected on the canvas. */
export function selectedLine(doc: DocumentState): Line | undefined {
  const key = doc.selection.connection;
  if (key === undefined || !doc.workflow) return undefined;
  return outlineOf(doc.workflow).lines.find((line) => connectionKey(line.connection) === key);
}

/** Adds a component and selects it. */
export function addComponent(doc: DocumentState, type: string, place: AddPlace): string | undefined {
  const descriptor = descriptorOf(type);
  doc.flush();
  // A new workflow's text may still be empty; its first component makes it one.
  const workflow = doc.workflow ?? { id: doc.id, components: [] };
  if (!descriptor) return undefined;
  const { id, edit } = addition(workflow, descriptor, place, doc.selection.components.at(-1));
  if (!doc.edit(edit)) return undefined;
  doc.select({ components: [id] });
  return id;
}

export function removeSelected(doc: DocumentState): void {
  const { components } = doc.selection;
  if (components.length > 0) {
    doc.edit({ kind: "remove-components", ids: components });
    return;
  }
  const line = selectedLine(doc);
  if (!line) return;
  if (line.implied) return void notices.say(editorText.impliedLine);
  if (doc.edit({ kind: "disconnect", connection: line.connection })) doc.select({ components: [] });
}

export function copySelected(doc: DocumentState): string | undefined {
  const { components } = doc.selection;
  return doc.workflow && components.length > 0 ? copyOf(doc.workflow, components) : undefined;
}

export function paste(doc: DocumentState, text: string): boolean {
  const edit = pasteOf(text);
  if (!edit) {
    notices.say(editorText.nothingToPaste);
    return false;
  }
  return selectingNew(doc, edit);
}

export function duplicateSelected(doc: DocumentState): void {
  const text = copySelected(doc);
  const edit = text === undefined ? undefined : pasteOf(text);
  if (edit) selectingNew(doc, edit);
}

function selectingNew(doc: DocumentState, edit: Edit): boolean {
  const ids = (): Set<string> => new Set(doc.workflow ? outlineOf(doc.workflow).pieces.keys() : []);
  const before = ids();
  if (!doc.edit(edit)) return false;
  const outline = doc.workflow ? outlineOf(doc.workflow) : undefined;
  doc.select({
    components: [...ids()].filter((id) => !before.has(id) && outline?.pieces.get(id)?.owner === undefined),
  });
  return true;
}

export function selectAll(doc: DocumentState): void {
  if (doc.workflow)
    doc.select({
      components: [...outlineOf(doc.workflow).pieces.values()]
        .filter((piece) => piece.owner === undefined)
        .map((piece) => piece.id),
    });
}

export function toggleDisabled(doc: DocumentState): void {
  const { workflow } = doc;
  if (!workflow) return;
  const outline = outlineOf(workflow);
  const edits = doc.selection.components.map((id): Edit =>
    outline.pieces.get(id)?.component.disabled === true
      ? { kind: "remove-in-component", id, path: ["disabled"] }
      : { kind: "set-in-component", id, path: ["disabled"], value: true },
  );
  const [only] = edits;
  if (edits.length === 1 && only) doc.edit(only);
  else if (edits.length > 1) doc.edit({ kind: "all", edits });
}

/** Lays everything out afresh: positions go from the text, where it has any, and the layout has its way. */
export function arrange(doc: DocumentState): void {
  const { workflow } = doc;
  if (!workflow) return;
  const outline = outlineOf(workflow);
  const placed = [...outline.pieces.values()].filter((piece) => piece.component.position !== undefined);
  if (placed.length === 0) return;
  const scene = sceneOf({ outline, descriptorOf, collapsed: new Set(), ignorePositions: true });
  const places = new Map(scene.nodes.map((node) => [node.id, node]));
  doc.edit({
    kind: "move-components",
    to: Object.fromEntries(
      placed.flatMap((piece) => {
        const node = places.get(piece.id);
        return node ? [[piece.id, { x: node.x, y: node.y }]] : [];
      }),
    ),
  });
}
