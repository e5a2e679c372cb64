import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { modulePath } from "./test/module-path.ts";

export default defineConfig({
  plugins: [svelte(), modulePath()],
  resolve: { alias: { "@shared": resolve("src-shared") } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "**/node_modules/**"],
    // Only what hangs should meet them: a machine may be slow, and busy with other things.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    setupFiles: ["test/patience.ts"],
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
  },
});
