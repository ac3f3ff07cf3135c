import regexp from "eslint-plugin-regexp";
import tseslint from "typescript-eslint";

const clock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Read tx.now or a Clock." },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "Read tx.now or a Clock.",
  },
];
const env = { selector: "MemberExpression[object.name='process'][property.name='env']", message: "Read the Config." };

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".plenum/", "test/bench/results/", "services/gateway/explorer/*.js"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // Decorated classes are shapes for type-graphql and TypeORM; they have no behaviour by intent.
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // `return res.end()` ends a handler early, and reads so.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // A query's row type is said by its caller: `sql(tx).many<Row>(…)`.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Libraries type their enums and classes more narrowly than they behave (pg's type ids, TypeORM's drivers).
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // An interface may ask for a promise where one implementation has nothing to wait for.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { boolean: true, string: true } }],
      "no-restricted-syntax": ["error", ...clock, env],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      // `== null` asks for null and undefined at once: an absent and an empty GraphQL argument (GQL-16).
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  { files: ["services/kernel/clock.ts"], rules: { "no-restricted-syntax": ["error", env] } },
  { files: ["services/platform/config.ts"], rules: { "no-restricted-syntax": ["error", ...clock] } },
  {
    // A pattern that takes more than linear time is a way to stop us with one text (SEC-30).
    files: ["services/**/*.ts"],
    plugins: { regexp },
    rules: { "regexp/no-super-linear-backtracking": "error", "regexp/no-super-linear-move": "error" },
  },
  // jest asks for a default export here.
  { files: ["test/support/global-*.ts"], rules: { "no-restricted-exports": "off" } },
  {
    files: ["test/**/*.ts"],
    rules: {
      "no-restricted-syntax": "off",
      "max-lines": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/use-unknown-in-catch-callback-variable": "off",
    },
  },
);
