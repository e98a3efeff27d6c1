// What eslint looks for in the scripts that browsers run; bin/check starts it from the root.
import js from "@eslint/js";
import globals from "globals";

const rules = {
  ...js.configs.recommended.rules,
  curly: ["error", "multi-line"],
  eqeqeq: "error",
  "no-alert": "error",
  "no-console": "error",
  "no-else-return": "error",
  "no-eval": "error",
  "no-implicit-globals": "error",
  "no-implied-eval": "error",
  "no-param-reassign": "error",
  "no-script-url": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "error",
  "require-await": "error",
  // Texts go in as text: what is set as HTML may be somebody's script.
  "no-restricted-properties": [
    "error",
    { property: "innerHTML", message: "Use textContent or a <template>." },
    { property: "outerHTML", message: "Use textContent or a <template>." },
    { property: "insertAdjacentHTML", message: "Use textContent or a <template>." },
    { object: "document", property: "write", message: "Use textContent or a <template>." },
  ],
};
const linterOptions = { reportUnusedDisableDirectives: "error" };

export default [
  { ignores: ["static/vendor/**", "**/node_modules/**"] },
  {
    files: ["static/js/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    linterOptions,
    rules,
  },
  {
    files: ["static/sw.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: globals.serviceworker },
    linterOptions,
    rules: { ...rules, "no-implicit-globals": "off" },
  },
  {
    files: ["tests/node/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.node },
    linterOptions,
    rules: { ...rules, "no-console": "off" },
  },
];
