const mac = typeof navigator !== "undefined" && /mac/i.test(navigator.platform);
const marks: { readonly [key: string]: string } = mac
  ? { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" }
  : { Mod: "Ctrl", Ctrl: "Ctrl", Alt: "Alt", Shift: "Shift" };
const names: { readonly [key: string]: string } = {
  ArrowUp: "Up",
  ArrowDown: "Down",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  Escape: "Esc",
  Delete: "Del",
  Space: "Space",
  PageUp: "PgUp",
  PageDown: "PgDn",
};

/** `Mod+Shift+Z` as a person reads it here: `Ctrl Shift Z`, on a Mac `⇧⌘Z`. */
export function keysText(keys: string): string {
  const parts = keys.split("+").map((part) => marks[part] ?? names[part] ?? part);
  return mac ? parts.sort((a, b) => "⌃⌥⇧⌘".indexOf(a) - "⌃⌥⇧⌘".indexOf(b) || 0).join("") : parts.join(" ");
}

/** The value of `aria-keyshortcuts` for `Mod+K`. */
export function keysAria(keys: string): string {
  return keys.replace("Mod", mac ? "Meta" : "Control").replace("Ctrl", "Control");
}

/** Whether `event` is the stroke `keys` names. `Mod` is Ctrl, on a Mac Cmd. */
export function isStroke(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = parts.pop();
  const wants = (mark: string): boolean => parts.includes(mark);
  const ctrl = wants("Ctrl") || (wants("Mod") && !mac);
  const meta = wants("Mod") && mac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== wants("Alt")) return false;
  const typed = event.key === " " ? "Space" : event.key;
  // "?" and "/" need Shift on some keyboards and not on others, so Shift counts for named keys and letters only.
  const printed = typed.length === 1 && !/[a-z0-9]/i.test(typed);
  if (!printed && event.shiftKey !== wants("Shift")) return false;
  return (
    typed.toLowerCase() === key?.toLowerCase() ||
    (event.altKey && event.code === `Key${key?.toUpperCase()}`) ||
    (event.altKey && event.code === `Digit${key}`)
  );
}
