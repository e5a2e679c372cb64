import ts from "typescript-eslint";
import svelte from "eslint-plugin-svelte";

export default ts.config(
  { ignores: ["out/**", "dist/**", "node_modules/**", "**/*.js", "**/*.mjs", "**/*.cjs"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-empty": ["error", { allowEmptyCatch: false }],
      "svelte/no-at-html-tags": "error",
      "svelte/no-navigation-without-resolve": "off",
      // State is replaced, never mutated ($state.raw): a Set or Map inside one computation is a plain value.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  { files: ["**/*.svelte", "**/*.svelte.ts"], languageOptions: { parserOptions: { parser: ts.parser } } },
);
