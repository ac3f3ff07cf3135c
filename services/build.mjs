// Transpiles services/ and the benchmarks with their support to dist/ with swc: no type check, under a second, so that `npm start` stays
// within its cold-start budget. Types are checked by `npm run check`. Only files newer than their output are written.
import { transformFile } from "@swc/core";
import { mkdirSync, readdirSync, statSync, writeFileSync, existsSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist");

function* sources(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) yield path;
  }
}

const written = new Set();
const jobs = [];
for (const folder of ["services", "test/bench", "test/support"]) {
  const from = join(root, folder);
  if (!existsSync(from)) continue;
  for (const file of sources(from)) {
    const target = join(out, relative(root, file)).replace(/\.ts$/, ".js");
    written.add(target);
    if (existsSync(target) && statSync(target).mtimeMs >= statSync(file).mtimeMs) continue;
    jobs.push(
      transformFile(file, { configFile: join(root, ".swcrc") }).then(({ code }) => {
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, code);
      }),
    );
  }
}
await Promise.all(jobs);

// A file that was renamed must not live on in dist/.
const sweep = (dir) => {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) sweep(path);
    else if (!written.has(path)) rmSync(path);
  }
};
if (existsSync(out)) sweep(out);
