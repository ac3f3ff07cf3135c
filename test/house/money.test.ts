import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatUnitPrice, type Money } from "../../services/kernel/money";
import { repository } from "../support/child";

const amountAsNumber = /\b\w*(?:minor|amount|price|credit)\w*\??: (?:readonly )?number\b/i;
const amountMadeNumber = /\b(?:Number|parseFloat)\([^)]*(?:minor|amount|price)/i;

const sources = readdirSync(join(repository, "services"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => [file, readFileSync(join(repository, "services", file), "utf8")] as const);

function offences(lines: readonly string[]): string[] {
  return lines.filter((line) => amountAsNumber.test(line) || amountMadeNumber.test(line));
}

test("NFR-03: an amount is minor units in a bigint, by type", () => {
  const one: Money = { minor: 1n, currency: "EUR" };
  // @ts-expect-error -- a float is no amount
  const wrong: Money = { minor: 0.1, currency: "EUR" };
  expect([typeof one.minor, typeof wrong.minor]).toEqual(["bigint", "number"]);
});

test("NFR-03: nowhere an amount or a price is a number of the language, or becomes one", () => {
  expect(offences(["readonly unitAmount: number;", "Number(p.unitAmount).toFixed(2)", "minor: bigint;"])).toHaveLength(
    2,
  );
  const found = sources.flatMap(([file, text]) => offences(text.split("\n")).map((line) => `${file}: ${line.trim()}`));
  expect(found).toEqual([]);
});

test("NFR-03: a price is shown with every digit that counts", () => {
  expect(["12.0000000000", "0.0503000000", "9.9", "0.053"].map(formatUnitPrice)).toEqual([
    ...["12.00", "0.0503", "9.90", "0.053"],
  ]);
});

const script = `
  import { ESLint, Linter } from "eslint";
  const [file, ...texts] = process.argv.slice(1);
  const { rules } = await new ESLint().calculateConfigForFile(file);
  const clock = { "no-restricted-syntax": rules["no-restricted-syntax"] };
  console.log(JSON.stringify(texts.map((code) => new Linter().verify(code, { rules: clock }).length)));
`;

test("NFR-03: the clock is read in its own module, and the check says so", () => {
  const told = (file: string): unknown => {
    const texts = ["new Date();", "Date.now();", "new Date(0);"];
    const run = spawnSync("node", ["--input-type=module", "-e", script, file, ...texts], {
      cwd: repository,
      encoding: "utf8",
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout);
  };
  expect(told("services/domain/subscriptions/renewal.rules.ts")).toEqual([1, 1, 0]);
  expect(told("services/kernel/clock.ts")).toEqual([0, 0, 0]);
}, 60_000);
