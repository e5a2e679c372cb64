// Reads Electron's command line, makes `import "electron"` find this folder, then loads the app's own entry.
import fs from "node:fs";
import inspector from "node:inspector";
import { createRequire, registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const electronUrl = new URL("./electron.mjs", import.meta.url).href;
const electronFile = fileURLToPath(new URL("./electron", import.meta.url));

registerHooks({
  resolve(specifier, context, next) {
    if (/^electron(\/(main|common))?$/.test(specifier))
      return { url: electronUrl, format: "module", shortCircuit: true };
    return next(specifier, context);
  },
});

/** Playwright starts an app as `electron -r LOADER --inspect=0 --remote-debugging-port=0 APP ARGS…`. */
function readCommandLine(args) {
  const switches = new Map();
  const preloads = [];
  let appArgument;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const named = /^--([^=]+)=?(.*)$/s.exec(arg);
    if (arg === "-r" || arg === "--require") preloads.push(args[++i]);
    else if (named) switches.set(named[1], named[2]);
    else appArgument ??= arg;
  }
  return { switches, preloads, appArgument };
}

/** An app is a folder with a package.json, or a single file. */
function findEntry(appArgument) {
  const root = path.resolve(appArgument ?? ".");
  if (!fs.statSync(root).isDirectory()) return { entry: root, pkg: {}, appPath: path.dirname(root) };
  const pkg = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  return { entry: path.resolve(root, pkg.main ?? "index.js"), pkg, appPath: root };
}

const args = process.argv.slice(2);
const { switches, preloads, appArgument } = readCommandLine(args);
if (switches.has("version")) {
  console.log("v0.0.0-electron-host");
  process.exit(0);
}
const { entry, pkg, appPath } = findEntry(appArgument);

process.argv = [electronFile, ...args];
process.type = "browser";
process.versions.electron = "45.0.0-host";
process.versions.chrome = "system";
process.resourcesPath = path.join(appPath, "resources");
process.defaultApp = true;
for (const name of ["inspect", "inspect-brk"]) {
  if (switches.has(name)) inspector.open(Number(switches.get(name) || 9229), "127.0.0.1", false);
}

const { boot } = await import("./state.mjs");
Object.assign(boot, { switches, pkg, appPath, executable: electronFile });
const { start } = await import("./electron.mjs");
const require = createRequire(import.meta.url);
for (const preload of preloads) require(path.resolve(preload));
// `ready` comes only after the entry has run to its end, top-level awaits included; as in Electron, one that awaits `ready`
// there waits for ever.
const loaded = import(pathToFileURL(entry).href);
await start(loaded);
