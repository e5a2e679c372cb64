import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { _electron, type Browser, chromium, type ElectronApplication, type Page } from "playwright-core";

const root = resolve(".");
/** The build under test: `out`, or another folder named by `APG_OUT`. */
const out = resolve(process.env["APG_OUT"] ?? "out");
const node = join(root, "node_modules/node/bin/node");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-sync",
  "--no-first-run",
  "--force-color-profile=srgb",
];
const START_MS = 30_000;

/** A studio that runs, and a page that shows it. */
export interface Studio {
  readonly page: Page;
  readonly kind: "web" | "desktop";
  /** The workspace's folder. */
  readonly workspace: string;
  /** Errors that the page wrote or threw. */
  readonly errors: readonly string[];
  /** Ends the window and the host; the workspace goes too, unless it was named. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Opened (and left) as it is; absent: an empty one that goes with the studio. */
  readonly workspace?: string;
  readonly colorScheme?: "dark" | "light";
  readonly width?: number;
  readonly height?: number;
}

/** What only the desktop takes. */
export interface DesktopOptions extends OpenOptions {
  /** Files handed over by the system. */
  readonly files?: readonly string[];
  /** The folder for what belongs to the user, kept when it is named. */
  readonly user?: string;
}

/** The web host as a process of its own. */
export interface WebHost {
  readonly address: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

/** The command that starts the built web host. */
export function webHostCommand(): readonly [string, ...string[]] {
  return [node, join(out, "main/web.js")];
}

/** Starts the built web host on `workspace`. */
export async function startWebHost(workspace: string, port = 0): Promise<WebHost> {
  const host = spawn(node, [join(out, "main/web.js"), "--no-open", "--port", String(port), "--workspace", workspace], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, XDG_DATA_HOME: join(workspace, "user") },
  });
  let said = "";
  const address = await new Promise<string>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`the web host said no address:\n${said}`)), START_MS);
    const hear = (data: Buffer): void => {
      said += data.toString();
      const line = /APG Workflow Studio: (\S+)/.exec(said);
      if (line?.[1] === undefined) return;
      clearTimeout(timer);
      found(line[1]);
    };
    host.stdout.on("data", hear);
    host.stderr.on("data", hear);
    host.once("exit", (code) => failed(new Error(`the web host ended with ${code}:\n${said}`)));
  });
  return { address, process: host, close: () => ended(host) };
}

/** The studio in Chromium, over the web host. */
export async function openWeb(options: OpenOptions = {}): Promise<Studio> {
  const { workspace, remove } = workspaceOf(options);
  const host = await startWebHost(workspace);
  const browser = await launchBrowser();
  const page = await newPage(browser, options);
  const errors = listen(page);
  await page.goto(host.address);
  return {
    page,
    kind: "web",
    workspace,
    errors,
    close: async () => {
      await browser.close();
      await host.close();
      remove();
    },
  };
}

/** The desktop app: in Electron where `APG_ELECTRON` says that there is one, else in the stand-in of test/electron-host. */
export async function openDesktop(
  options: DesktopOptions = {},
): Promise<Studio & { readonly app: ElectronApplication }> {
  const { workspace, remove } = workspaceOf(options);
  const user = options.user ?? mkdtempSync(join(tmpdir(), "apg-user-"));
  // Playwright asks the package `electron` for the executable, and that looks into this process's environment.
  if (!process.env["APG_ELECTRON"]) process.env["ELECTRON_OVERRIDE_DIST_PATH"] = join(root, "test/electron-host");
  const app = await _electron.launch({
    args: [
      join(out, "main/desktop.js"),
      `--workspace=${workspace}`,
      `--user-data-dir=${user}`,
      ...(options.files ?? []),
    ],
    cwd: root,
    timeout: START_MS,
    env: { ...process.env, ELECTRON_HOST_USER_DATA: user, XDG_DATA_HOME: join(workspace, "user") } as Record<
      string,
      string
    >,
    ...(options.colorScheme === undefined ? {} : { colorScheme: options.colorScheme }),
  });
  const page = await app.firstWindow();
  const errors = listen(page);
  const { width = 1440, height = 900 } = options;
  await page.setViewportSize({ width, height });
  return {
    app,
    page,
    kind: "desktop",
    workspace,
    errors,
    close: async () => {
      await app.close();
      if (options.user === undefined) rmSync(user, { recursive: true, force: true });
      remove();
    },
  };
}

/** Both ways in, for stories that hold on each. */
export const hosts: readonly (readonly [name: Studio["kind"], open: (options?: OpenOptions) => Promise<Studio>])[] = [
  ["web", openWeb],
  ["desktop", openDesktop],
];

/** Chromium: the system's, else the one Playwright brought. */
export function launchBrowser(): Promise<Browser> {
  const system = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) =>
    existsSync(file),
  );
  return chromium.launch({ args: FLAGS, ...(system === undefined ? {} : { executablePath: system }) });
}

/** A page with a viewport, a colour scheme and its own storage. */
export async function newPage(browser: Browser, options: OpenOptions = {}): Promise<Page> {
  const { width = 1440, height = 900, colorScheme = "dark" } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  return context.newPage();
}

function listen(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}

function workspaceOf({ workspace }: OpenOptions): { readonly workspace: string; readonly remove: () => void } {
  if (workspace !== undefined) return { workspace, remove: () => undefined };
  const made = mkdtempSync(join(tmpdir(), "apg-workspace-"));
  return { workspace: made, remove: () => rmSync(made, { recursive: true, force: true, maxRetries: 5 }) };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await over;
}
