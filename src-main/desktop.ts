import { join } from "node:path";
import { app, BrowserWindow, dialog, nativeTheme, safeStorage } from "electron";
import { openApi } from "./api/router";
import { openHost, type Host } from "./compose/host";
import { openKept } from "./compose/passphrase";
import { userFolder, workspaceFolder } from "./compose/places";
import { workspaceSentence } from "./compose/workspace";
import { readDesktopArguments } from "./shell/arguments";
import { dialogsOf } from "./shell/dialogs";
import { guardPages } from "./shell/guard";
import { keyKeeper } from "./shell/kept-key";
import { installMenu } from "./shell/menu";
import { notifyDesktop } from "./shell/notifications";
import { listenForPorts } from "./shell/port";
import { claimScheme, ORIGIN, serveScheme } from "./shell/scheme";
import { openWindow } from "./shell/window";
import { Windows } from "./shell/windows";

const given = readDesktopArguments(process.argv.slice(1), process.cwd());
const windows = new Windows();
const toOpen: string[] = [...given.files];
/** The page of electron-vite's server, while the studio itself is worked on. */
const devPage = app.isPackaged ? undefined : process.env["ELECTRON_RENDERER_URL"];
let host: Host | undefined;

app.setName("APG Workflow Studio");
claimScheme();
app.enableSandbox();
if (!app.requestSingleInstanceLock()) app.exit(0);

async function openFiles(files: readonly string[]): Promise<void> {
  if (host === undefined) {
    toOpen.push(...files);
    return;
  }
  for (const file of files) {
    const opened = await host.openPath(file);
    if (opened.ok) windows.send(`workflow.open:${opened.value.id}`);
    else dialog.showErrorBox("The file cannot be opened", opened.problem);
  }
}

function showWindow(): void {
  const window = openWindow({
    url: devPage ?? `${ORIGIN}/`,
    preload: join(import.meta.dirname, "../preload/index.cjs"),
    background: nativeTheme.shouldUseDarkColors ? "#16181d" : "#ffffff",
  });
  windows.add(window);
}

app.on("second-instance", (_event, args, folder) => {
  windows.focus();
  void openFiles(readDesktopArguments(args.slice(1), folder).files);
});
app.on("open-file", (event, file) => {
  event.preventDefault();
  void openFiles([file]);
});
app.on("activate", () => {
  if (BrowserWindow.getAllWindows().length === 0) showWindow();
});
app.on("window-all-closed", () => {
  if (process.platform !== "darwin") app.quit();
});
app.on("will-quit", (event) => {
  const open = host;
  if (open === undefined) return;
  // What runs is put down in order; then the app quits for good.
  event.preventDefault();
  host = undefined;
  void open.close().finally(() => app.quit());
});

function begin(): void {
  const folder = workspaceFolder(given.workspace);
  const keeper = keyKeeper(safeStorage, join(userFolder(), "keys"));
  const opened = openKept(folder, keeper, (key) =>
    openHost({ kind: "desktop", key, workspace: folder, mayBeLocked: true, keeper }),
  );
  if (!opened.ok) return giveUp(workspaceSentence(opened.problem));
  host = opened.value;
  const api = openApi(host.rooms, (error) => console.error(error));
  serveScheme(join(import.meta.dirname, "../renderer"));
  const origin = devPage === undefined ? ORIGIN : new URL(devPage).origin;
  guardPages(origin);
  listenForPorts(origin, (port, contents) => {
    const window = BrowserWindow.fromWebContents(contents);
    if (window !== null)
      api.port(port, { dialogs: dialogsOf(window), commands: (listener) => windows.listen(window, listener) });
  });
  host.rooms.notices(({ title, message }) => notifyDesktop(title, message, () => windows.focus()));
  installMenu((command) => windows.send(command));
  showWindow();
  void openFiles(toOpen.splice(0));
  host.begin().catch((error: unknown) => console.error(error));
}

function giveUp(sentence: string): void {
  dialog.showErrorBox("The studio cannot start", sentence);
  app.exit(1);
}

// Not awaited: Electron is ready only once this module has run to its end.
void app
  .whenReady()
  .then(begin)
  .catch((error: Error) => giveUp(error.message));
