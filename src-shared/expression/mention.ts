/** Whether an expression in `text` names `name`, as far as can be seen without reading it as an expression. */
export function isMentioned(text: string, name: string): boolean {
  const word = new RegExp(`\\b${name}\\b`);
  return text.split("}").some((part) => {
    const open = part.indexOf("{{");
    return open >= 0 && word.test(part.slice(open + 2));
  });
}
