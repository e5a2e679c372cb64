/** An id for a name: `Order Fulfilment` becomes `order_fulfilment`. */
export function idFor(name: string): string {
  const id = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (id === "") return "workflow";
  return /^[a-z]/.test(id) ? id : `workflow_${id}`;
}

/** JSON strings are YAML strings too. */
function quoted(text: string): string {
  return /^[\p{L}][\p{L}\p{N} ,.()-]*$/u.test(text) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) &&
    !text.endsWith(" ")
    ? text
    : JSON.stringify(text);
}

/** The text of a workflow that has nothing but a name. */
export function newWorkflowText(name: string, purpose: string): string {
  const lines = ["apg: 1", `id: ${idFor(name)}`, `name: ${quoted(name.trim())}`, "version: 0.1.0"];
  if (purpose.trim()) lines.push(`purpose: ${quoted(purpose.trim())}`);
  lines.push("components: []", "connections: []");
  return `${lines.join("\n")}\n`;
}
