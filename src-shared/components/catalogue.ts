import { aggregate } from "./aggregate";
import { cacheLookup } from "./cache-lookup";
import { auditCompliance, authRbac, otherCapability, paymentApi, paymentRefund, userManagement } from "./capability";
import { code } from "./code";
import { database, databaseDelete, databaseInsert, databaseUpdate } from "./database";
import { decision } from "./decision";
import type { Descriptor } from "./descriptor";
import { email } from "./email";
import { emitEvent } from "./emit-event";
import { end } from "./end";
import { file } from "./file";
import { filter } from "./filter";
import { httpRequest } from "./http-request";
import { humanTask } from "./human-task";
import { log } from "./log";
import { loop } from "./loop";
import { map } from "./map";
import { merge } from "./merge";
import { notify } from "./notify";
import { parallel } from "./parallel";
import { sort } from "./sort";
import { start } from "./start";
import { switchType } from "./switch";
import { transform } from "./transform";
import { validate } from "./validate";
import { wait } from "./wait";
import { workflowCall } from "./workflow-call";

export { commonKeys } from "./common";

const all: readonly Descriptor[] = [
  start,
  end,
  decision,
  switchType,
  parallel,
  merge,
  loop,
  wait,
  workflowCall,
  transform,
  filter,
  map,
  sort,
  aggregate,
  validate,
  cacheLookup,
  httpRequest,
  database,
  databaseInsert,
  databaseUpdate,
  databaseDelete,
  file,
  paymentApi,
  paymentRefund,
  code,
  log,
  userManagement,
  authRbac,
  auditCompliance,
  emitEvent,
  email,
  humanTask,
  notify,
];

/** Every component type by its canonical name, in the palette's order. */
export const catalogue: ReadonlyMap<string, Descriptor> = new Map(
  all.map((descriptor) => [descriptor.type, descriptor]),
);

/** Other names a file may use for a type, to the canonical one. */
export const typeAliases: ReadonlyMap<string, string> = new Map([
  ["email_send", "email"],
  ["script", "code"],
  ["javascript_code", "code"],
  ["join", "merge"],
  ["split", "parallel"],
  ["database_query", "database"],
  ["sql_query", "database"],
  ["file_operation", "file"],
]);

/** The canonical name of `type`; a name that is no alias stays as it is. */
export function canonicalType(type: string): string {
  return typeAliases.get(type) ?? type;
}

/**
 * The descriptor of `type`, aliases resolved; `undefined` for a type nobody knows.
 *
 * An `apg_…` name the catalogue does not list is a capability of the platform all the same and gets a general one.
 */
export function descriptorOf(type: string): Descriptor | undefined {
  const listed = catalogue.get(canonicalType(type));
  if (listed) return listed;
  return /^apg_[a-z][a-z0-9_]*$/.test(type) ? otherCapability(type) : undefined;
}
