import { functionHelp } from "./reference";

/** The table of functions in docs/expressions.md. */
export function functionTable(): string {
  const rows = functionHelp.map((f) => {
    const [call = "", returns = ""] = f.signature.split(" -> ");
    const form = f.form === "call" ? call : methodForm(call);
    const both = f.form === "both" ? `\`${form}\` or \`${call}\`` : `\`${form}\``;
    return `| ${both} | ${returns} | ${f.help.replaceAll("|", "\\|")} |`;
  });
  return ["| Written | Gives | |", "|---|---|---|", ...rows].join("\n");
}

/** `lower(text)` as `text.lower()`; macros have their receiver already outside. */
function methodForm(call: string): string {
  const [, name = "", args = ""] = /^(\w+)\((.*)\)$/.exec(call) ?? [];
  const [receiver = "", ...rest] = args.split(", ");
  return receiver === "x" ? `list.${call}` : `${receiver.replace(/[?…]$/, "")}.${name}(${rest.join(", ")})`;
}
