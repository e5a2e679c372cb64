import { resolve } from "node:path";
import { defineConfig } from "electron-vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";

const alias = { "@shared": resolve("src-shared") };

/** One package, three builds: `main` (desktop, web host, command line, worker), `preload`, `renderer`. */
export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          desktop: resolve("src-main/desktop.ts"),
          web: resolve("src-main/web.ts"),
          cli: resolve("src-main/cli.ts"),
          // For programs that embed the host; the benchmarks are such programs.
          host: resolve("src-main/compose/host.ts"),
        },
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
