import type { Json } from "../../base/json";
import type { Component } from "../workflow";

/** Methods that change something on the other side. */
const CHANGING: readonly Json[] = ["POST", "PUT", "PATCH", "DELETE"];
/** What statements that change a database begin with, after a `with` as well. */
const WRITES =
  /^\s*(?:insert|update|delete|merge|replace|create(?![\s\S]*\bif not exists\b)|alter|drop|truncate|call)\b|^\s*with\b[\s\S]*\b(?:insert|update|delete|merge)\b/i;
/** Operations of a capability that only look. */
const LOOKS = /^(?:get|list|find|search|read|check|verify|count|describe|log)(?:_|$)/;

/** Whether `component`, its aliases read, changes something outside that would have to be taken back. What cannot be told is not said. */
export function changesOutside({ type, config = {} }: Component): boolean {
  switch (type) {
    case "database_insert":
    case "database_update":
    case "database_delete":
    case "email":
      return true;
    case "database":
      return typeof config["query"] === "string" && WRITES.test(config["query"]);
    case "http_request":
      return CHANGING.includes(typeof config["method"] === "string" ? config["method"].toUpperCase() : "GET");
    case "file":
      return ["write", "append", "move", "delete"].includes(String(config["operation"]));
    case "transform":
      return config["destination"] !== undefined;
    case "payment_api":
      return true;
    default: {
      const operation = config["operation"];
      return type.startsWith("apg_") && typeof operation === "string" && operation !== "" && !LOOKS.test(operation);
    }
  }
}
