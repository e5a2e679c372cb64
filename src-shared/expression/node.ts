import type { Span } from "./problem";

/** The binary operators of CEL. */
export type BinaryOperator = "==" | "!=" | "in" | "+" | "-" | "*" | "/" | "%" | "<" | "<=" | ">" | ">=";

/** One node of a parsed expression. Offsets are in the text of the whole template. */
export type Node =
  | { readonly kind: "value"; readonly value: unknown; readonly at: Span }
  | { readonly kind: "name"; readonly name: string; readonly at: Span }
  | {
      readonly kind: "field";
      readonly of: Node;
      readonly key: string;
      readonly keyAt: Span;
      readonly optional: boolean;
      readonly at: Span;
    }
  | { readonly kind: "index"; readonly of: Node; readonly index: Node; readonly optional: boolean; readonly at: Span }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[]; readonly at: Span }
  | {
      readonly kind: "method";
      readonly of: Node;
      readonly name: string;
      readonly args: readonly Node[];
      readonly at: Span;
    }
  | { readonly kind: "list"; readonly items: readonly Node[]; readonly at: Span }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Node, Node])[]; readonly at: Span }
  | { readonly kind: "choose"; readonly test: Node; readonly yes: Node; readonly no: Node; readonly at: Span }
  | { readonly kind: "logic"; readonly op: "&&" | "||"; readonly left: Node; readonly right: Node; readonly at: Span }
  | { readonly kind: "unary"; readonly op: "!" | "-"; readonly of: Node; readonly at: Span }
  | {
      readonly kind: "binary";
      readonly op: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
      readonly at: Span;
    };

/** The nodes directly below `node`. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "value":
    case "name":
      return [];
    case "field":
    case "unary":
      return [node.of];
    case "index":
      return [node.of, node.index];
    case "call":
      return node.args;
    case "method":
      return [node.of, ...node.args];
    case "list":
      return node.items;
    case "map":
      return node.entries.flat();
    case "choose":
      return [node.test, node.yes, node.no];
    case "logic":
    case "binary":
      return [node.left, node.right];
  }
}

/** How many nodes `node` has, itself included: what one evaluation of it costs in steps at least. */
export function weightOf(node: Node): number {
  return childrenOf(node).reduce((sum, child) => sum + weightOf(child), 1);
}
