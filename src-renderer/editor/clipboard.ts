import { isJsonObject } from "@shared/base/json";
import type { Edit } from "@shared/workflow/edit";
import type { Component, Connection, Workflow } from "@shared/workflow/workflow";
import { parse, stringify } from "yaml";
import { outlineOf } from "../canvas/outline";

/** The selected components as text that any editor, and {@link pasteOf}, can read. Members of a selected owner go with it. */
export function copyOf(workflow: Workflow, ids: readonly string[]): string {
  const outline = outlineOf(workflow);
  const chosen = new Set(ids.filter((id) => outline.pieces.has(id)));
  for (const id of [...chosen])
    for (let owner = outline.pieces.get(id)?.owner; owner !== undefined; owner = outline.pieces.get(owner)?.owner)
      if (chosen.has(owner)) chosen.delete(id);
  const named = new Set(chosen);
  const inText = new Set((workflow.components ?? []).map((component) => component.id));
  // A member listed by id lives at the root of the text, so its owner brings it along.
  for (const piece of outline.pieces.values()) {
    for (let owner = piece.owner; owner !== undefined; owner = outline.pieces.get(owner)?.owner)
      if (chosen.has(owner) && inText.has(piece.id)) named.add(piece.id);
  }
  const components = [...outline.pieces.values()]
    .filter((piece) => named.has(piece.id))
    .map((piece) => piece.component);
  const connections = (workflow.connections ?? []).filter(
    ({ source, target }) => named.has(source) && named.has(target),
  );
  return stringify({ components, ...(connections.length > 0 ? { connections } : {}) }, { lineWidth: 0 });
}

/** The edit that pastes text from the clipboard; nothing when it holds no components. */
export function pasteOf(text: string): Extract<Edit, { kind: "paste" }> | undefined {
  if (text.length > 2_000_000) return undefined;
  const value = read(text);
  const list: unknown = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? (value.components ?? (typeof value.type === "string" ? [value] : undefined))
      : undefined;
  if (!Array.isArray(list)) return undefined;
  const components = list
    .filter(
      (item): item is Component => isJsonObject(item) && typeof item.id === "string" && typeof item.type === "string",
    )
    .map(moved);
  if (components.length === 0) return undefined;
  const drawn = isJsonObject(value) && Array.isArray(value.connections) ? value.connections : [];
  const connections = drawn.filter(
    (item): item is Connection & { readonly [key: string]: never } =>
      isJsonObject(item) && typeof item.source === "string" && typeof item.target === "string",
  );
  return { kind: "paste", components, connections };
}

function read(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 20 });
  } catch {
    // Whatever else is in the clipboard is no workflow.
    return undefined;
  }
}

function moved(component: Component): Component {
  const { position } = component;
  return position && typeof position.x === "number" && typeof position.y === "number"
    ? { ...component, position: { x: position.x + 32, y: position.y + 32 } }
    : component;
}
