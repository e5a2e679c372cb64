import { invalid, refuse } from "../behaviour";

/** The file name engines are told: breakpoints and stacks use it. */
export const FILE_NAME = "apg://workflow/component.js";

/** The source stands one line below the opening of the function around it. */
export const HEAD = "async function (input, context, console) {\n";
const TAIL = "\n}";

/** Past this many kept translations all go. */
const KEPT = 200;
const kept = new Map<string, string>();

/** `source` as JavaScript that has the same lines and columns. */
export async function javascriptOf(source: string, language: unknown): Promise<string> {
  if (language === undefined || language === null || language === "javascript") return source;
  if (language !== "typescript") {
    return refuse(
      invalid(`The language ${JSON.stringify(language)} is none of javascript, typescript.`, "config.language"),
    );
  }
  const known = kept.get(source);
  if (known !== undefined) return known;
  // The compiler is large; workflows without TypeScript never load it.
  const { default: blank } = await import("ts-blank-space");
  const wrong: string[] = [];
  const head = HEAD.replace("async function ", "async function component");
  const whole = head + source + TAIL;
  const text = blank(whole, (node) => {
    // Without parents in the tree a node knows its positions only.
    const code = whole.slice(node.pos, node.end).trimStart();
    const line = whole.slice(0, node.end - code.length).split("\n").length - 1;
    wrong.push(`line ${line}: ${code.split("\n", 1)[0] ?? ""}`);
  });
  if (wrong.length > 0) {
    refuse(
      invalid(
        `TypeScript that is more than types cannot run (${wrong.join("; ")}); write it as JavaScript.`,
        "config.source",
      ),
    );
  }
  // Types in the head are none, so it comes back as long as it was.
  const body = text.slice(head.length, text.length - TAIL.length);
  if (kept.size >= KEPT) kept.clear();
  kept.set(source, body);
  return body;
}

/** Whether `source` can be had as JavaScript without waiting. */
export function knownJavascript(source: string, language: unknown): string | undefined {
  if (language === undefined || language === null || language === "javascript") return source;
  return language === "typescript" ? kept.get(source) : undefined;
}

/** The source as a function expression. */
export function asFunction(javascript: string): string {
  return `(${HEAD}${javascript}${TAIL})`;
}

/** Where in the source a stack or message points to, as `source:3:7`, and in words. */
export function placeIn(
  stack: string,
  fileName: string,
): { readonly place: string; readonly words: string } | undefined {
  const escaped = fileName.replace(/[/.]/g, "\\$&");
  const found = new RegExp(`${escaped}:(\\d+)(?::(\\d+))?`).exec(stack);
  if (!found) return undefined;
  const line = Math.max(1, Number(found[1]) - 1);
  const column = found[2] === undefined ? 1 : Number(found[2]);
  return { place: `source:${line}:${column}`, words: `line ${line}, column ${column}` };
}
