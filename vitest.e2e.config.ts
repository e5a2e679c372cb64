import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** Stories in real Chromium; one after another, since each starts hosts and browsers of its own. */
export default defineConfig({
  resolve: { alias: { "@shared": resolve("src-shared") } },
  test: {
    include: ["test/e2e/**/*.spec.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ["test/patience.ts"],
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    passWithNoTests: true,
  },
});
