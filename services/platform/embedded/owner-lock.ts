import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../kernel/clock";
import { birthMark } from "./processes";

/** Another living process owns the data directory. */
export class DirectoryInUse extends Error {
  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(`${dataDir} is in use by process ${pid}. Stop that one first, or set PLENUM_DATA_DIR to another folder.`);
  }
}

interface Owner {
  readonly pid: number;
  readonly born: string;
}

/**
 * Makes this process the one owner of a data directory (DB-04). What a killed owner left behind is recognised by the
 * birth of its process and taken over.
 * @returns what gives it back
 * @throws DirectoryInUse
 */
export function takeOwnership(dataDir: string): () => void {
  const lock = join(dataDir, "owner.lock");
  const mine: Owner = { pid: process.pid, born: birthMark(process.pid) ?? "" };
  const draft = `${lock}.${process.pid}`;
  // Written aside and linked into place, so that nobody ever reads half a lock.
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    if (!linked(draft, lock)) {
      replaceStale(lock, dataDir);
      if (!linked(draft, lock)) throw new DirectoryInUse(dataDir, readOwner(lock)?.pid ?? 0);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (readOwner(lock)?.pid === process.pid) rmSync(lock, { force: true });
  };
}

/** The living owner of a data directory, if it has one. */
export function ownerOf(dataDir: string): number | undefined {
  const owner = readOwner(join(dataDir, "owner.lock"));
  return owner && birthMark(owner.pid) === owner.born ? owner.pid : undefined;
}

// Two processes may find the same stale lock. Only the one that holds the guard removes it, after a second look, so
// that neither removes the fresh lock of the other.
function replaceStale(lock: string, dataDir: string): void {
  const guard = `${lock}.takeover`;
  if (!guarded(guard)) throw new DirectoryInUse(dataDir, readOwner(lock)?.pid ?? 0);
  try {
    const pid = ownerOf(dataDir);
    if (pid !== undefined) throw new DirectoryInUse(dataDir, pid);
    rmSync(lock, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

const guardMsMax = 10_000;

function guarded(guard: string): boolean {
  try {
    writeFileSync(guard, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch {
    // Held for microseconds; one that is older was left by a killed process.
    const age = systemClock.now().getTime() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age < guardMsMax) return false;
    rmSync(guard, { force: true });
    return true;
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(lock: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(lock, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}
