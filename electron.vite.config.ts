import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "electron-vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";

const alias = { "@shared": resolve("src-shared") };

const entries = (...names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [name, resolve(`src-main/${name}.ts`)]).filter(([, file]) => existsSync(file!)),
  );

/** One package, three builds: `main` (desktop, web host, command line, worker), `preload`, `renderer`. */
export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      externalizeDeps: true,
      rolldownOptions: {
        input: entries("desktop", "web", "cli"),
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve("src-main/preload/index.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "src-renderer",
    publicDir: resolve("resources/public"),
    resolve: { alias },
    plugins: [svelte({ configFile: resolve("svelte.config.js") })],
    build: { minify: true, rolldownOptions: { input: { index: resolve("src-renderer/index.html") } } },
  },
});
