import { expect } from "vitest";
import type { Client } from "@shared/contract/contract";
import { serve, type Served } from "./fixture";

/** A web host with two windows. */
export async function serveTwo(): Promise<{ readonly served: Served; readonly one: Client; readonly two: Client }> {
  const served = await serve();
  return { served, one: (await served.connect()).client, two: (await served.connect()).client };
}

/** Ends it, and sees that it reported no defect. */
export async function closedClean(served: Served): Promise<void> {
  expect(served.reported).toEqual([]);
  await served.close();
}
