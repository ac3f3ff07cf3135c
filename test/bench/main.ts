import "reflect-metadata";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bench, type BenchCase } from "./bench";
import { cases } from "./cases";
import type { BenchResult } from "./compare";

// `npm run bench` runs all, `npm run bench -- --only graphql.membersPage` one. Ratios of one run side by side: the
// machines are noisy, absolute figures mean little. Exit code 1 when a bar is missed.
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
const file = join(__dirname, "../../../test/bench/results/latest.json");

async function main(): Promise<void> {
  const chosen = cases.filter((it) => only === undefined || it.names.includes(only));
  if (chosen.length === 0)
    throw new Error(`no benchmark is called ${only ?? ""}: ${cases.flatMap((c) => c.names).join(", ")}`);
  const results: Record<string, BenchResult> = {};
  for (const it of chosen) Object.assign(results, await runOne(it));
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as object) : {};
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...before, ...results }, null, 2)}\n`);
  console.table(
    Object.fromEntries(
      Object.entries(results).map(([name, r]) => [
        name,
        {
          ours: r.ours,
          floor: r.floor,
          ratio: r.ratio,
          must: r.must,
          met: r.met,
          unit: r.unit,
          "cpu ms": r.oursCpuMs,
          "floor cpu ms": r.floorCpuMs,
        },
      ]),
    ),
  );
  if (Object.values(results).some((r) => !r.met)) process.exitCode = 1;
}

async function runOne(it: BenchCase): Promise<Readonly<Record<string, BenchResult>>> {
  process.stderr.write(`${it.names.join(", ")} …\n`);
  const bench = await Bench.open();
  try {
    return await it.run(bench);
  } finally {
    await bench.close();
  }
}

void main();
