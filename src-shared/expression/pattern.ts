import { RE2JS, RE2JSException } from "re2js";
import { fail, ok, type Result } from "../base/result";
import type { Evaluation } from "./evaluation";
import { Fault, type Span } from "./problem";

const LONGEST_PATTERN = 1_000;
/** A schema's may list alternatives. Compiling takes time by the square of the length. */
const LONGEST_IN_SCHEMA = 5_000;
const LONGEST_SUBJECT = 1_000_000;
/** What a search may cost, its text's length times its pattern's size: some half a second, which nothing interrupts. */
const DEAREST = 25_000_000;
const KEPT = 200;
const kept = new Map<string, RE2JS>();

/** Whether RE2 finds `pattern` in `subject`: in time linear in the subject's length, whatever the pattern. */
export function matches(subject: string, pattern: string, e: Evaluation, at: Span): boolean {
  if (pattern.length > LONGEST_PATTERN) throw new Fault("budget", at, { detail: "the regular expression is too long" });
  if (subject.length > LONGEST_SUBJECT)
    throw new Fault("budget", at, { detail: "the text is too long for a regular expression" });
  e.charge(10 + subject.length, at);
  const made = compiled(pattern, at);
  if (made.programSize() * subject.length > DEAREST)
    throw new Fault("budget", at, { detail: "the text is too long for this regular expression" });
  return made.matcher(subject).find();
}

/** A regular expression that a JSON Schema names. */
export interface LinearPattern {
  /** How many steps one character may take: its length times this is what a search costs. */
  readonly size: number;
  readonly finds: (text: string) => boolean;
}

/**
 * The `pattern` of a JSON Schema, written as JavaScript's, in RE2: no text takes longer than its length times the pattern's size.
 *
 * @returns a sentence for what RE2 cannot do, most often look-around and back references.
 */
export function linearPattern(pattern: string): Result<LinearPattern, string> {
  if (pattern.length > LONGEST_IN_SCHEMA)
    return fail(refusal(pattern, `it has more than ${LONGEST_IN_SCHEMA} characters`));
  try {
    const made = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return ok({ size: made.programSize(), finds: (text) => made.matcher(text).find() });
  } catch (error) {
    if (error instanceof RE2JSException) return fail(refusal(pattern, error.message));
    throw error;
  }
}

function refusal(pattern: string, why: string): string {
  const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
  return `The pattern ${JSON.stringify(shown)} cannot be used (${why.slice(0, 100)}): look-around and back references may take for ever; write it without.`;
}

/** Compiled patterns are kept: a pattern in a macro is used for each item. */
function compiled(pattern: string, at: Span): RE2JS {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern, at);
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(pattern, made);
  return made;
}

function compile(pattern: string, at: Span): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException)
      throw new Fault("pattern", at, { detail: `\`${pattern}\` is no regular expression of RE2` });
    throw error;
  }
}
