// The contract lets JSON, breakpoints and values through as they are; here they get their types, or are refused.
import { z } from "zod";
import type { Json } from "@shared/base/json";
import type { Settings } from "@shared/contract/host";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { Value } from "@shared/execution/value";
import { refuse } from "./fault";

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const breakpoint = z.object({
  workflowId: z.string(),
  component: z.string(),
  enabled: z.boolean(),
  condition: z.string().max(10_000).optional(),
});
const value: z.ZodType<Value> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("inline"), json }),
    z.object({ kind: z.literal("stored"), id: z.string(), bytes: z.number(), summary: z.string(), preview: json }),
    z.object({ kind: z.literal("sensitive"), id: z.string(), from: z.array(z.string()).exactOptional() }),
    z.object({ kind: z.literal("object"), fields: z.record(z.string(), value) }),
    z.object({ kind: z.literal("list"), items: z.array(value) }),
    z.object({ kind: z.literal("part"), of: value, at: z.union([z.string(), z.number()]) }),
  ]),
);
const network = z
  .object({
    proxy: z.url({ protocol: /^https?$/ }).optional(),
    noProxy: z.array(z.string().min(1)).optional(),
    ca: z.array(z.string().includes("-----BEGIN CERTIFICATE-----")).optional(),
    allow: z.array(z.string().min(1)).optional(),
  })
  .strict();
const settings = z
  .object({
    theme: z.enum(["system", "dark", "light", "contrast"]),
    trusted: z.boolean(),
    hosts: z.record(z.string().min(1), z.url({ protocol: /^https?$/ })),
    allowedFolders: z.array(z.string().min(1)),
    executionLimit: z.number().int().min(0).max(10_000),
    concurrency: z.number().int().min(1).max(10_000),
    webhookPort: z.number().int().min(0).max(65_535),
    keepExecutionsDays: z.number().int().min(0).max(36_500),
    cacheLimitBytes: z.number().int().min(0),
    env: z.record(z.string().min(1), z.string()),
    network,
    layout: z.record(z.string(), z.unknown()),
  })
  .partial()
  .strict();

function parsed<T>(schema: z.ZodType<T>, given: unknown, name: string): T {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return refuse({
    code: "INVALID",
    what: `The ${name} cannot be read: ${issue?.message ?? "unknown shape"}.`,
    where: [name, ...(issue?.path ?? [])].join("."),
  });
}

/** A missing input is null. */
export function jsonOf(given: unknown): Json {
  return given === undefined ? null : parsed(json, given, "input");
}

export function parametersOf(given: Readonly<Record<string, unknown>>): { readonly [name: string]: Json } {
  return parsed(z.record(z.string(), json), given, "parameters");
}

export function breakpointsOf(given: readonly unknown[]): readonly Breakpoint[] {
  return parsed(z.array(breakpoint), given, "breakpoints");
}

export function storedValueOf(given: unknown): Value {
  return parsed(value, given, "value");
}

export function settingsOf(given: unknown): Partial<Settings> {
  return parsed(settings, given, "settings");
}
