import { catalogue } from "@shared/components/catalogue";
import type { Category } from "@shared/components/descriptor";
import { check, type CheckContext } from "@shared/workflow/check";
import { readWorkflow, type WorkflowFormat } from "@shared/workflow/file";
import { scoreOf, type ScoreGroup } from "@shared/workflow/score";
import type { Workflow } from "@shared/workflow/workflow";
import { outlineOf } from "../canvas/outline";
import { sceneOf, type SceneNode } from "../canvas/scene";

/** A box of the small picture. */
export interface PreviewBox {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: SceneNode["kind"];
  readonly category: Category;
}

/** A line of the small picture. */
export interface PreviewLine {
  readonly id: string;
  readonly kind: "success" | "error" | "conditional";
  readonly path: string;
}

/** A workflow as the canvas draws it, without words. */
export interface Preview {
  readonly boxes: readonly PreviewBox[];
  readonly lines: readonly PreviewLine[];
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** What the library shows of a workflow's text. */
export interface Study {
  readonly preview: Preview | undefined;
  readonly groups: readonly ScoreGroup[];
}

/** Reads and checks a workflow's text. */
export function studyOf(text: string, format: WorkflowFormat, context: CheckContext): Study {
  const document = readWorkflow(text, format);
  const { groups } = scoreOf(check(document, catalogue, context));
  return { preview: document.workflow ? previewOf(document.workflow) : undefined, groups };
}

/** The small picture of a workflow; nothing when it holds no component. */
export function previewOf(workflow: Workflow): Preview | undefined {
  if (workflow.components.length === 0) return undefined;
  const scene = sceneOf({
    outline: outlineOf(workflow),
    descriptorOf: (type) => catalogue.get(type),
    collapsed: new Set(),
  });
  const at = new Map<string, SceneNode & { readonly left: number; readonly top: number }>();
  for (const node of scene.nodes) {
    const parent = node.parent === undefined ? undefined : at.get(node.parent);
    at.set(node.id, { ...node, left: node.x + (parent?.left ?? 0), top: node.y + (parent?.top ?? 0) });
  }
  const boxes = [...at.values()]
    .filter((node) => node.kind !== "note")
    .map(({ id, left, top, width, height, kind, category }): PreviewBox => ({
      id,
      x: left,
      y: top,
      width,
      height,
      kind,
      category,
    }));
  const lines = scene.wires.flatMap((wire): PreviewLine[] => {
    const from = at.get(wire.source);
    const to = at.get(wire.target);
    if (!from || !to) return [];
    const x1 = wire.from === "side" ? from.left + from.width : from.left + from.spine;
    const y1 = wire.from === "side" ? from.top + from.height / 2 : from.top + from.height;
    const x2 = wire.to === "side-in" ? to.left : to.left + to.spine;
    const y2 = wire.to === "side-in" ? to.top + to.height / 2 : to.top;
    const middle = wire.from === "side" ? `H${(x1 + x2) / 2}V${y2}H${x2}` : `V${(y1 + y2) / 2}H${x2}V${y2}`;
    return [{ id: wire.id, kind: wire.kind, path: `M${x1} ${y1}${middle}` }];
  });
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { boxes, lines, box: { x: left, y: top, width: right - left, height: bottom - top } };
}
