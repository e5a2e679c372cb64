import { functionNamed } from "./functions/table";
import { typeName } from "./kinds";
import type { Node } from "./node";

/** What an expression gives for certain, whatever is in scope. */
export type StaticType = "bool" | "number" | "string" | "list" | "map" | "null" | "unknown";

/** The type of `node` as far as its own text tells. */
export function inferType(node: Node): StaticType {
  switch (node.kind) {
    case "value":
      return named(typeName(node.value));
    case "list":
      return "list";
    case "map":
      return "map";
    case "logic":
      return "bool";
    case "unary":
      return node.op === "!" ? "bool" : "unknown";
    case "binary":
      return binaryType(node);
    case "choose": {
      const yes = inferType(node.yes);
      return yes === inferType(node.no) ? yes : "unknown";
    }
    case "call":
    case "method":
      return callType(node);
    default:
      return "unknown";
  }
}

function binaryType(node: Node & { kind: "binary" }): StaticType {
  switch (node.op) {
    case "+": {
      const left = inferType(node.left);
      return left === "string" || left === "list" ? left : "unknown";
    }
    case "-":
      return "unknown";
    case "*":
    case "/":
    case "%":
      return "number";
    default:
      return "bool";
  }
}

function callType(node: Node & { kind: "call" | "method" }): StaticType {
  switch (node.name) {
    case "has":
    case "all":
    case "exists":
    case "exists_one":
      return "bool";
    case "map":
    case "filter":
    case "sort_by":
      return "list";
    case "group_by":
      return "map";
    default:
      return named(functionNamed(node.name, node.kind === "method")?.returns ?? "");
  }
}

function named(type: string): StaticType {
  switch (type) {
    case "bool":
    case "string":
    case "list":
    case "map":
    case "number":
      return type;
    case "int":
    case "double":
      return "number";
    case "null_type":
      return "null";
    case "timestamp":
    case "duration":
      return "string";
    default:
      return "unknown";
  }
}
