import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/child";

// docs/asvs.md maps OWASP ASVS 5.0.0. This holds that nothing of it is left out, and that what it leans on is there.
const page = readFileSync(join(repository, "docs/asvs.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d+\.\d+\.\d+) +\| (\d) +\| (met|partly|not met|n\/a) +\| (.*?) +\|$/gm)].map(
  ([, id = "", level = "", state = "", where = ""]) => ({ id, level: Number(level), state, where }),
);

/** How many requirements of level 1 and 2 the standard has in each chapter, V1 to V17. */
const ofLevels12 = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];
// Beside them, level 3 where SEC-01 asks for it.
const ofLevel3: Readonly<Record<string, number>> = { 8: 6, 11: 10, 15: 4, 16: 1 };

const chapterOf = (id: string) => id.split(".")[0]!;

function count(list: readonly { id: string }[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { id } of list) found[chapterOf(id)] = (found[chapterOf(id)] ?? 0) + 1;
  return found;
}

test("SEC-01: every requirement of ASVS 5.0 that applies has one line, and no other has", () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  const expected = Object.fromEntries(ofLevels12.map((n, i) => [String(i + 1), n]));
  expect(count(rows.filter(({ level }) => level < 3))).toEqual(expected);
  expect(count(rows.filter(({ level }) => level === 3))).toEqual(ofLevel3);
});

test("SEC-01: what is met names a test, a file or a page that is there; what is not says what is missing", () => {
  const listed = spawnSync(
    "grep",
    ["-rhoE", "\\b[A-Z]{2,4}-[A-Z]?[0-9]+", "test", "--include=*.ts", "--exclude=asvs.test.ts"],
    {
      cwd: repository,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const tested = new Set(listed.stdout.split("\n"));
  for (const { id, state, where } of rows) {
    const ids = [...where.matchAll(/\b[A-Z]{2,4}-[A-Z]?\d+\b/g)]
      .map(([one]) => one)
      .filter((one) => !/^SHA-/.test(one));
    expect([id, ids.filter((one) => !tested.has(one))]).toEqual([id, []]);
    const files = [...where.matchAll(/`([\w./-]+\/[\w./-]+)`/g)].map(([, file = ""]) => file);
    const paths = [...files, ...[...where.matchAll(/\]\(([\w.-]+)\)/g)].map(([, link = ""]) => join("docs", link))];
    expect([id, paths.filter((path) => !existsSync(join(repository, path)))]).toEqual([id, []]);
    if (state === "met") expect([id, ids.length + paths.length]).not.toEqual([id, 0]);
    expect([id, where.length]).not.toEqual([id, 0]);
  }
});

test("SEC-01: the sums at the top are those of the lines", () => {
  for (const state of ["met", "partly", "not met", "n/a"]) {
    const [, told] = new RegExp(`^\\| ${state} +\\| (\\d+) +\\|$`, "m").exec(page) ?? [];
    expect([state, Number(told)]).toEqual([state, rows.filter((row) => row.state === state).length]);
  }
});
