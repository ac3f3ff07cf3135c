import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Identity } from "./identity";
import { nativeFolder, NoEmbeddedServer } from "./native";
import type { Place } from "./place";

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Such as "18". */
  readonly major: string;
}

/**
 * Binaries that the server's user can really run. Taken from the package where possible, else from a copy beside the
 * cluster: the package may be read-only, or lie below a folder that the user cannot enter (DB-02, DB-03).
 */
export function findBinaries(place: Place, native: string = nativeFolder()): Binaries {
  if (repairLinks(native)) {
    const found = tryBinaries(native, place.identity);
    if (typeof found !== "string") return found;
  }
  const copy = join(place.home, `postgresql-${versionOf(native)}`);
  if (!existsSync(copy)) copyBinaries(native, copy, place.identity);
  const copied = tryBinaries(join(copy, "native"), place.identity);
  if (typeof copied === "string") throw new NoEmbeddedServer(`the embedded PostgreSQL does not run here: ${copied}`);
  return copied;
}

// The one honest question is whether they run: it covers modes, missing libraries and mounts that forbid execution.
function tryBinaries(native: string, identity: Identity | undefined): Binaries | string {
  const postgres = join(native, "bin", "postgres");
  const run = spawnSync(postgres, ["--version"], { cwd: "/", encoding: "utf8", ...identity });
  const major = run.status === 0 ? /\b(\d+)\./.exec(run.stdout)?.[1] : undefined;
  return major === undefined
    ? (run.error?.message ?? run.stderr.trim())
    : { postgres, initdb: join(native, "bin", "initdb"), major };
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the library links that the package's install script would have made: npm 11 does not run it, and without them
 * `libicui18n.so.60` is not found. Says whether all of them are there.
 */
export function repairLinks(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, "utf8")) as LibraryLink[];
  return links.every(({ source, target }) => repairLink(join(dirname(native), source), join(dirname(native), target)));
}

function repairLink(source: string, target: string): boolean {
  if (existsSync(target)) return true;
  try {
    // A link that leads nowhere exists for symlink() and not for existsSync().
    if (lstatSync(target, { throwIfNoEntry: false })) rmSync(target);
    symlinkSync(relative(dirname(target), source), target);
    return true;
  } catch {
    // Another start may have made it this instant; a read-only folder never lets us.
    return existsSync(target);
  }
}

function versionOf(native: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")) as { version: string };
  return version;
}

function copyBinaries(native: string, copy: string, identity: Identity | undefined): void {
  const draft = `${copy}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  // The layout of the package is kept, because pg-symlinks.json speaks of `native/…`.
  cpSync(native, join(draft, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a"),
  });
  cpSync(join(dirname(native), "package.json"), join(draft, "package.json"));
  openFolders(draft);
  if (!repairLinks(join(draft, "native"))) throw new NoEmbeddedServer(`the library links cannot be made in ${draft}`);
  if (identity) giveTo(draft, identity);
  renameSync(draft, copy);
}

// The copy keeps the modes of a package that may be read-only; links have to be made in it, and later it is removed.
function openFolders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}

function giveTo(path: string, identity: Identity): void {
  chownSync(path, identity.uid, identity.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) giveTo(join(path, entry.name), identity);
    else if (!entry.isSymbolicLink()) chownSync(join(path, entry.name), identity.uid, identity.gid);
  }
}
