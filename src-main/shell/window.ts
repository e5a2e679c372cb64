import { join } from "node:path";
import { app, BrowserWindow, screen } from "electron";
import { LEAST, keepState, restoredState } from "./window-state";

/** The page saves unsaved text when it is hidden; so long it has before it goes. */
const GOODBYE_MS = 400;
const KEEP_AFTER_MS = 500;

/** Opens the studio's window where it was the last time, and shows `url` in it. */
export function openWindow(options: {
  readonly url: string;
  readonly preload: string;
  readonly background: string;
}): BrowserWindow {
  const file = join(app.getPath("userData"), "window.json");
  const { maximized, ...bounds } = restoredState(
    file,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: LEAST.width,
    minHeight: LEAST.height,
    show: false,
    title: app.name,
    backgroundColor: options.background,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  if (maximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  keepItsPlace(window, file);
  sayGoodbye(window);
  void window.loadURL(options.url);
  return window;
}

function keepItsPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const keep = (): void => keepState(file, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!window.isDestroyed()) keep();
    }, KEEP_AFTER_MS);
  };
  window.on("resize", later);
  window.on("move", later);
  window.on("maximize", later);
  window.on("unmaximize", later);
  window.on("close", keep);
}

/** Hides the window first, so that the page learns of it and its last words still reach the host. */
function sayGoodbye(window: BrowserWindow): void {
  let leaving = false;
  window.on("close", (event) => {
    if (leaving) return;
    leaving = true;
    event.preventDefault();
    window.hide();
    setTimeout(() => {
      if (!window.isDestroyed()) window.destroy();
    }, GOODBYE_MS);
  });
}
