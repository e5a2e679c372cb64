import type { Evaluation } from "../evaluation";
import { isMap, plainType, Timestamp, type CelMap } from "../kinds";
import { Fault, type ExpressionProblemKind, type Span } from "../problem";

/** Which function is called, and where: for the faults of its arguments. */
export interface Site {
  readonly name: string;
  readonly at: Span;
}

/** One function of the language. */
export interface CelFunction {
  readonly name: string;
  /** How it may be written: `lower(x)`, `x.lower()` or both. The receiver is the first argument. */
  readonly form: "call" | "method" | "both";
  /** Names of the arguments, the receiver first; optional ones end in `?`, a repeated last one in `…`. */
  readonly params: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly returns: string;
  /** One sentence. */
  readonly help: string;
  /** Whether it goes through its whole argument. */
  readonly heavy?: boolean;
  /** Does not look into lists and objects, so marks inside may stay. */
  readonly shallow?: boolean;
  /** Wants optionals themselves, not their values. */
  readonly keepsOptionals?: boolean;
  run(args: readonly unknown[], e: Evaluation, site: Site): unknown;
}

type Options = Partial<Pick<CelFunction, "form" | "heavy" | "shallow" | "keepsOptionals">>;

/**
 * Makes a {@link CelFunction} from its signature, e.g. `replace(text, search, by) -> text`.
 *
 * The form is `both` unless `options` says otherwise.
 */
export function fn(signature: string, help: string, run: CelFunction["run"], options: Options = {}): CelFunction {
  const [, name = "", list = "", returns = ""] = /^(\w+)\((.*)\) -> (.+)$/.exec(signature) ?? [];
  const params = list === "" ? [] : list.split(", ");
  return {
    name,
    params,
    min: params.filter((param) => !/[?…]$/.test(param)).length,
    max: params.at(-1)?.endsWith("…") === true ? Infinity : params.length,
    returns,
    help,
    form: options.form ?? "both",
    ...options,
    run,
  };
}

function wrongType(site: Site, position: number, wanted: string, found: unknown): Fault {
  const detail = `needs ${wanted} as argument ${position + 1}, found ${plainType(found)}`;
  return new Fault("arguments", site.at, { name: site.name, detail });
}

/** A fault of `kind` in the function called at `site`. */
export function trouble(kind: ExpressionProblemKind, site: Site, detail: string): Fault {
  return new Fault(kind, site.at, { name: site.name, detail: `\`${site.name}\` ${detail}` });
}

/** Argument `position` as text. */
export function text(args: readonly unknown[], position: number, site: Site): string {
  const value = args[position];
  if (typeof value === "string") return value;
  throw wrongType(site, position, "text", value);
}

/** Argument `position` as a list; counts its items. */
export function list(args: readonly unknown[], position: number, e: Evaluation, site: Site): readonly unknown[] {
  const value = args[position];
  if (!Array.isArray(value)) throw wrongType(site, position, "a list", value);
  e.charge(1 + value.length, site.at);
  return value;
}

/** Argument `position` as a number. */
export function number(args: readonly unknown[], position: number, site: Site): number | bigint {
  const value = args[position];
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw wrongType(site, position, "a number", value);
}

/** Argument `position` as a whole number; `otherwise` when it is not given. */
export function whole(args: readonly unknown[], position: number, site: Site, otherwise?: number): number {
  if (otherwise !== undefined && position >= args.length) return otherwise;
  const value = Number(number(args, position, site));
  if (Number.isSafeInteger(value)) return value;
  throw wrongType(site, position, "a whole number", value);
}

/** Argument `position` as an object. */
export function object(args: readonly unknown[], position: number, site: Site): CelMap {
  const value = args[position];
  if (isMap(value)) return value;
  throw wrongType(site, position, "an object", value);
}

/** Argument `position` as a timestamp. */
export function time(args: readonly unknown[], position: number, site: Site): Timestamp {
  const value = args[position];
  if (value instanceof Timestamp) return value;
  throw wrongType(site, position, "a timestamp (see `timestamp(…)`)", value);
}
