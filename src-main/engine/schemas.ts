import { createRequire } from "node:module";
import vm from "node:vm";
import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020";
import { Bug } from "@shared/base/bug";
import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { linearPattern } from "@shared/expression/pattern";
import type { ParameterSchema } from "@shared/workflow/workflow";

/** What is wrong with one parameter. */
export interface ParameterProblem {
  readonly name: string;
  readonly message: string;
}

/** The schemas of a workflow's parameters, by name. */
export type Schemas = { readonly [name: string]: ParameterSchema };

/** How many steps the patterns of one check may take: some two tenths of a second. */
const PATTERN_STEPS = 10_000_000;

/** How long one check may hold the host. */
const LONGEST_MS = 1_000;

/** Below this many characters a schema without `DEMANDING` parts and values are checked in no time. */
const SMALL = 10_000;
const DEMANDING = /"(?:\$ref|\$dynamicRef|uniqueItems|allOf|anyOf|oneOf|not)":/;
const NAMED = /"\$(?:id|anchor|dynamicAnchor)":/;

/** At most this many problems of one check are told. */
const TOLD = 20;

const load = createRequire(import.meta.url);
const checkers = new WeakMap<Schemas, Checker>();
let ajv: Ajv2020 | undefined;
/** What is left of `PATTERN_STEPS`. Checks do not overlap: each ends before the next begins. */
let steps = PATTERN_STEPS;

type Checker = (values: { [name: string]: Json }) => readonly ParameterProblem[];

/** Raised inside the schema library, which knows neither. */
class Refused extends Error {}

/** Fills the schemas' defaults into `values` and tells what does not fit; no schema and no value holds the host for long. */
export function problemsOf(schemas: Schemas, values: { [name: string]: Json }): readonly ParameterProblem[] {
  let check = checkers.get(schemas);
  if (check === undefined) {
    check = compile(schemas);
    checkers.set(schemas, check);
  }
  return check(values);
}

function compile(schemas: Schemas): Checker {
  const name = Object.keys(schemas).join(", ");
  const text = JSON.stringify(schemas);
  const isSimple = text.length < SMALL && !DEMANDING.test(text);
  const made = withinLimits(() => validatorOf(schemas, text), !isSimple);
  // Stopped halfway, the library may hold half of what it was compiling.
  if (made.kind !== "done") ajv = undefined;
  if (made.kind === "refused") return () => [{ name, message: `The schemas cannot be used. ${made.why}` }];
  if (typeof made.value !== "function") {
    const problem = made.value;
    return () => [problem];
  }
  const validate = made.value;
  return (values) => {
    const run = withinLimits(() => validate(values), !isSimple || JSON.stringify(values).length > SMALL);
    if (run.kind === "refused") return [{ name, message: `What was given cannot be checked. ${run.why}` }];
    if (run.value) return [];
    const errors = validate.errors ?? [];
    const told = errors.slice(0, TOLD).map(problemOf);
    return errors.length > TOLD
      ? [...told, { name, message: `There are ${errors.length - TOLD} more problems.` }]
      : told;
  };
}

function validatorOf(schemas: Schemas, text: string): ValidateFunction | ParameterProblem {
  // Names of one workflow's schemas must not be met by another's.
  const compiler = NAMED.test(text) ? make() : (ajv ??= make());
  const properties: [string, JsonObject][] = [];
  const required: string[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const plain = plainSchema(schema);
    if (!compiler.validateSchema(plain))
      return {
        name,
        message: `The schema of parameter ${name} is not valid: ${compiler.errorsText(compiler.errors, { dataVar: "schema" })}.`,
      };
    properties.push([name, plain]);
    if (schema.default === undefined && (schema as JsonObject)["required"] !== false) required.push(name);
  }
  const all = { type: "object", properties: Object.fromEntries(properties), required };
  try {
    return compiler.compile(all);
  } catch (error) {
    if (error instanceof Refused || error instanceof RangeError) throw error;
    // A reference to nowhere passes the meta-schema and fails here.
    return {
      name: Object.keys(schemas).join(", "),
      message: `The parameters' schemas cannot be used: ${(error as Error).message}.`,
    };
  } finally {
    // The library would keep it for ever.
    compiler.removeSchema(all);
  }
}

function make(): Ajv2020 {
  const { Ajv2020: Maker } = load("ajv/dist/2020") as { Ajv2020: new (options: object) => Ajv2020 };
  const formats = (load("ajv-formats") as { default: (ajv: Ajv2020) => void }).default;
  const made = new Maker({
    strict: false,
    allErrors: true,
    useDefaults: true,
    validateFormats: true,
    code: { regExp: linear },
  });
  formats(made);
  return made;
}

const linear = Object.assign(
  (pattern: string) => {
    const made = linearPattern(pattern);
    if (!made.ok) throw new Refused(made.problem);
    const { size, finds } = made.value;
    const test = (text: string): boolean => {
      steps -= size * text.length;
      if (steps < 0)
        throw new Refused(
          `The text is too long for the pattern ${JSON.stringify(pattern)}. Give a shorter one, or a pattern without large counts.`,
        );
      return finds(text);
    };
    // The library tells patterns apart by their text.
    return { test, toString: () => pattern };
  },
  { code: "linear" },
);

type Limited<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "refused"; readonly why: string };

type Watch = <T>(work: () => T) => T;
/** Made when it is first wanted: it takes a second global of the language, which few hosts ever need. */
let watch: Watch | undefined;

function watchMade(): Watch {
  const frame = vm.createContext(Object.create(null) as { work?: () => unknown });
  const script = new vm.Script("work()");
  return <T>(work: () => T): T => {
    frame.work = work;
    try {
      return script.runInContext(frame, { timeout: LONGEST_MS }) as T;
    } finally {
      delete frame.work;
    }
  };
}

/**
 * Does `work`, ended when it takes too long: schemas that name one another may ask for more checks than there is time. To watch over
 * it takes a thread; what is known to be quick does without.
 */
function withinLimits<T>(work: () => T, isWatched: boolean): Limited<T> {
  steps = PATTERN_STEPS;
  try {
    return { kind: "done", value: isWatched ? (watch ??= watchMade())(work) : work() };
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", why: error.message };
    if (error instanceof RangeError) return { kind: "refused", why: "They go round in circles or stand too deep." };
    if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return { kind: "refused", why: `It takes longer than ${LONGEST_MS} ms. Simplify the schemas, or give less.` };
    throw error instanceof Error ? error : new Bug(String(error));
  }
}

/** JSON Schema without what only this studio says: `sensitive`, and `required` as yes or no of a property. */
function plainSchema(schema: JsonObject): JsonObject {
  const { sensitive: _sensitive, required, ...rest } = schema as JsonObject & { sensitive?: Json; required?: Json };
  const plain: { [key: string]: Json | undefined } = { ...rest };
  if (Array.isArray(required)) plain["required"] = required;
  if (isJsonObject(rest["properties"])) {
    const inner = Object.entries(rest["properties"]);
    const needed = inner.flatMap(([name, one]) => (isJsonObject(one) && one["required"] === true ? [name] : []));
    if (needed.length > 0) plain["required"] = [...(Array.isArray(required) ? required : []), ...needed];
    plain["properties"] = Object.fromEntries(
      inner.map(([name, one]) => [name, isJsonObject(one) ? plainSchema(one) : one]),
    );
  }
  if (isJsonObject(rest["items"])) plain["items"] = plainSchema(rest["items"]);
  return plain;
}

function problemOf(error: ErrorObject): ParameterProblem {
  const steps = error.instancePath.split("/").slice(1);
  const missing =
    error.keyword === "required" ? String((error.params as { missingProperty?: string }).missingProperty) : undefined;
  const place = missing === undefined ? steps : [...steps, missing];
  const name = place[0] ?? "";
  return {
    name,
    message:
      missing === undefined
        ? `Parameter ${place.join(".")} ${error.message ?? "is not valid"}.`
        : `Parameter ${place.join(".")} is missing.`,
  };
}
