import { spawnSync } from "node:child_process";
import { repository } from "../support/child";

// The rules that hold for services/, run over one text without the types that the other rules ask for.
const script = `
  import { ESLint, Linter } from "eslint";
  import regexp from "eslint-plugin-regexp";
  const config = await new ESLint().calculateConfigForFile("services/kernel/text.ts");
  const rules = Object.fromEntries(Object.entries(config.rules).filter(([name]) => name.startsWith("regexp/")));
  const found = process.argv.slice(1).map((code) => new Linter().verify(code, { plugins: { regexp }, rules }).map((m) => m.ruleId));
  console.log(JSON.stringify(found));
`;

test("SEC-30: a pattern whose time grows faster than its text does not pass the check", () => {
  const texts = ["/^(?:a+)+$/;", "/\\s+$/;", "/^[a-z]+$/;"];
  const run = spawnSync("node", ["--input-type=module", "-e", script, ...texts], { cwd: repository, encoding: "utf8" });
  expect(JSON.parse(run.stdout)).toEqual([
    ["regexp/no-super-linear-backtracking"],
    ["regexp/no-super-linear-move"],
    [],
  ]);
}, 60_000);
