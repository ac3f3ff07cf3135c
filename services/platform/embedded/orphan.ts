import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { birthMark, isAlive, programOf } from "./processes";

/** The first line of postmaster.pid, and the line that says `ready` once clients may come. */
export interface PostmasterFile {
  readonly pid: number;
  readonly startedAt: string;
  readonly ready: boolean;
}

/** Reads postmaster.pid; its lines are those of PostgreSQL's pidfile.h. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, startedAt: lines[2] ?? "", ready: lines[7]?.trim() === "ready" } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Stops the server of a dead owner (DB-04). Its own watcher is stopping it already in most cases; this waits for it
 * and insists. A number that belongs to another program by now is forgotten, or PostgreSQL would refuse to start.
 */
export async function stopOrphan(cluster: string): Promise<"none" | "stopped" | "forgotten"> {
  const file = readPostmasterFile(cluster);
  if (!file || !isAlive(file.pid)) return "none";
  if (programOf(file.pid) !== "postgres") {
    rmSync(join(cluster, "postmaster.pid"), { force: true });
    return "forgotten";
  }
  const born = birthMark(file.pid);
  // Fast shutdown first; an immediate one loses nothing either, it only costs a recovery.
  for (const [signal, ms] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
  ] as const) {
    try {
      process.kill(file.pid, signal);
    } catch {
      // It ended between the look and the signal, or is not ours; the wait below tells.
    }
    if (await isGone(file.pid, born, ms)) return "stopped";
  }
  throw new Error(`PostgreSQL process ${file.pid} still uses ${cluster} and does not stop`);
}

async function isGone(pid: number, born: string | undefined, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 25) {
    if (born === undefined || birthMark(pid) !== born) return true;
    await sleep(25);
  }
  return false;
}
