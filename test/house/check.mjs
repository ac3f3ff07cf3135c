// `npm run check`: everything that is wrong without running the product. Each step says what it looked at; all steps run
// even when one fails, so that one run shows all there is to mend.
import { spawnSync } from "node:child_process";

const bin = (name) => `node_modules/.bin/${name}`;
const steps = [
  ["types", bin("tsc"), ["-p", "tsconfig.json"]],
  [
    "lint",
    bin("eslint"),
    ["services", "test", "--max-warnings", "0", "--cache", "--cache-location", "node_modules/.cache/eslint/"],
  ],
  ["import rules", bin("depcruise"), ["services", "--config", ".dependency-cruiser.cjs", "--output-type", "err"]],
  [
    "formatting",
    bin("prettier"),
    ["--check", "--log-level", "warn", "services", "test", "docs", "*.{json,mjs,cjs,js,md,yml}"],
  ],
  ["generated files", bin("jest"), ["test/house/generated", "--silent"]],
];

let failed = 0;
for (const [name, command, args] of steps) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 << 20 });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (status !== 0) {
    failed += 1;
    console.log(`${stdout}${stderr}`.trim());
  }
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
