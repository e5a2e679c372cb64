/** The dict of a Python example as JSON text: True, False, None, comments and trailing commas are Python's. */
export function pythonToJson(text: string): string {
  let json = "";
  let at = text.indexOf("{");
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"') {
      const end = closing(text, at);
      json += text.slice(at, end);
      at = end;
    } else if (char === "#") at = text.indexOf("\n", at);
    else {
      const word = /^(?:True|False|None)\b/.exec(text.slice(at, at + 6))?.[0];
      json += word === undefined ? char : { True: "true", False: "false", None: "null" }[word]!;
      at += word?.length ?? 1;
    }
  }
  return json.replace(/,(\s*[}\]])/g, "$1");
}

function closing(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
