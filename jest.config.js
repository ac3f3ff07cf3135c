// Packages that are ES modules only; jest loads CommonJS, so these are transformed like our own files (decision 21).
const esmOnly = ["temporal-polyfill", "temporal-utils", "temporal-spec"];

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  transform: { "^.+\\.[cm]?[jt]s$": "@swc/jest" },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmOnly.join("|")})/)`],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  setupFilesAfterEnv: ["<rootDir>/test/support/after-each-file.ts"],
  maxWorkers: 2,
  testTimeout: 30_000,
};
