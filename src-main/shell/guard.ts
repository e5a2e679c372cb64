import { app, session, shell } from "electron";

/** Keeps every page where it is: no navigation, no windows of its own, no permissions, no embedded pages. */
export function guardPages(origin: string): void {
  app.on("web-contents-created", (_event, contents) => {
    contents.on("will-navigate", (event) => {
      if (!event.url.startsWith(`${origin}/`)) event.preventDefault();
    });
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isWebAddress(url)) void shell.openExternal(url);
      return { action: "deny" };
    });
  });
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(isHarmless(permission)));
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => isHarmless(permission));
}

/** Only these leave for the system's browser: `file:` and other schemes could start programs. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ["https:", "http:", "mailto:"].includes(new URL(url).protocol);
}

/** Copying a component puts text on the clipboard, and pasting takes it from there. */
function isHarmless(permission: string): boolean {
  return permission === "clipboard-sanitized-write" || permission === "clipboard-read";
}
