import { implement } from "@orpc/server";
import { contract } from "@shared/contract/contract";
import type { Connection } from "./rooms";

/** The contract, to be filled in method by method. */
export const os = implement(contract).$context<Connection>();
