// Adds to package-lock.json the optional packages of other platforms that the registry at hand does not carry; without
// them `npm ci` of npm 11 refuses the file. Run after `npm install` of anything: node test/house/mend-lock.mjs
import { readFileSync, writeFileSync } from "node:fs";
const path = "package-lock.json";
const lock = JSON.parse(readFileSync(path, "utf8"));
const packages = lock.packages;
const resolved = (from, name) => {
  for (let base = from; ;) {
    const candidate = `${base ? `${base}/` : ""}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (!base) return undefined;
    const cut = base.lastIndexOf("/node_modules/");
    base = cut < 0 ? "" : base.slice(0, cut);
  }
};
let added = 0;
for (const [from, entry] of Object.entries(packages)) {
  for (const [name, spec] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolved(from, name)) continue;
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(spec)) throw new Error(`${name} ${spec}`);
    const [, platform, arch, abi] = /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(
      name,
    );
    const cpu = arch;
    const libc = platform === "linux" ? (abi?.startsWith("musl") ? ["musl"] : ["glibc"]) : undefined;
    packages[`node_modules/${name}`] = {
      version: spec,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc } : {}),
      optional: true,
      os: [platform],
    };
    added++;
  }
}
const names = Object.keys(packages).sort((a, b) => a.localeCompare(b, "en"));
lock.packages = Object.fromEntries(names.map((n) => [n, packages[n]]));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log("added", added);
