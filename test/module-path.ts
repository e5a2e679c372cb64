import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { build } from "vite";
import type { Plugin } from "vite";
import "vitest/config";

const SUFFIX = "?modulePath";

/** Shared by nested bundles: building an entry anew would take the file away under a thread that is starting. */
const built = new Map<string, Promise<string>>();

/**
 * `import path from "./entry?modulePath"` under vitest, as electron-vite does it in a build: the entry is bundled to a file that
 * threads and child processes can run, and the import is that file's path.
 */
export function modulePath(): Plugin {
  return {
    name: "module-path",
    enforce: "pre",
    // The module's text is the path of a bundle made for this run; kept over runs it would lead to old code.
    configureVitest({ defineCacheKeyGenerator }) {
      defineCacheKeyGenerator(({ id }) => (id.endsWith(SUFFIX) ? false : undefined));
    },
    async load(id) {
      if (!id.endsWith(SUFFIX)) return null;
      const entry = id.slice(0, -SUFFIX.length);
      const file = built.get(entry) ?? bundle(entry);
      built.set(entry, file);
      return `export default ${JSON.stringify(await file)};`;
    },
  };
}

async function bundle(entry: string): Promise<string> {
  // One folder a process: test files in other processes may be bundling the same entry.
  const outDir = resolve(
    "node_modules/.cache/module-path",
    `${process.pid}-${createHash("sha1").update(entry).digest("hex").slice(0, 8)}`,
  );
  mkdirSync(outDir, { recursive: true });
  const name = `${basename(entry).replace(/\.ts$/, "")}.mjs`;
  await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: { "@shared": resolve("src-shared") } },
    plugins: [modulePath()],
    ssr: { external: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      minify: false,
      target: "node24",
      rolldownOptions: { input: entry, output: { entryFileNames: name, format: "es" } },
    },
  });
  return join(outDir, name);
}
