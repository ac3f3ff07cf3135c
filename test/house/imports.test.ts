import { mkdirSync, mkdtempSync, rmSync, writeFileSync, copyFileSync, symlinkSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "../..");

/** Each rule, with a file that breaks it and the file that it must not reach. */
const violations: readonly [rule: string, from: string, to: string][] = [
  ["no-cycles", "services/kernel/a.ts", "services/kernel/b.ts"],
  ["kernel-knows-nobody", "services/kernel/a.ts", "services/platform/x.ts"],
  ["platform-knows-the-kernel", "services/platform/a.ts", "services/domain/members/index.ts"],
  ["domain-is-transport-free", "services/domain/members/a.ts", "services/scim/y.ts"],
  ["domain-is-transport-free-libraries", "services/domain/members/a.ts", "express"],
  ["doors-do-not-meet", "services/scim/a.ts", "services/saml/x.ts"],
  ["through-the-front-door", "services/scim/a.ts", "services/domain/members/members.store.ts"],
  ["through-the-front-door-of-modules", "services/domain/groups/a.ts", "services/domain/members/members.store.ts"],
  ["modules-look-up", "services/domain/seats/a.ts", "services/domain/members/index.ts"],
  ["orm-has-its-places", "services/domain/members/a.ts", "services/platform/sql.ts"],
  ["type-graphql-has-its-place", "services/scim/a.ts", "type-graphql"],
];

let house: string;

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), "plenum-house-"));
  symlinkSync(join(root, "node_modules"), join(house, "node_modules"));
  for (const file of ["tsconfig.json", ".dependency-cruiser.cjs"]) copyFileSync(join(root, file), join(house, file));
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(join(house, dirname(path)), { recursive: true });
  writeFileSync(join(house, path), text);
}

function brokenRules(): { rule: string; from: string }[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/.bin/depcruise"),
      "services",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "json",
    ],
    { cwd: house, encoding: "utf8" },
  );
  if (stdout === "") throw new Error(stderr);
  const report = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return report.summary.violations.map((violation) => ({ rule: violation.rule.name, from: violation.from }));
}

test("every import rule of the house reports a planted violation, and nothing else is reported", () => {
  violations.forEach(([rule, from, to], i) => {
    const source = from.replace("/a.ts", `/a${i}.ts`);
    const isFile = to.startsWith("services/");
    const up = "../".repeat(from.split("/").length - 1);
    plant(source, `import { x } from "${isFile ? `${up}${to}`.replace(/\.ts$/, "") : to}";\nexport const a = x;\n`);
    if (isFile)
      plant(
        to,
        `${rule === "no-cycles" ? `import { a } from "./a${i}";\nexport const y = a;\n` : ""}export const x = 1;\n`,
      );
  });
  plant("services/kernel/good.ts", "export const x = 1;\n");
  plant("services/domain/audit/index.ts", 'import { x } from "../../kernel/good";\nexport const y = x;\n');
  plant("services/cli/good.ts", 'import { y } from "../domain/audit";\nexport const z = y;\n');

  const reported = brokenRules();

  for (const [i, [rule, from]] of violations.entries()) {
    expect(reported).toContainEqual({ rule, from: from.replace("/a.ts", `/a${i}.ts`) });
  }
  const planted = new Set([
    ...violations.map(([, from], i) => from.replace("/a.ts", `/a${i}.ts`)),
    "services/kernel/b.ts",
  ]);
  expect(reported.filter(({ from }) => !planted.has(from))).toEqual([]);
});
