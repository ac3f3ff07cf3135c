import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/**
 * What tells a process from a later one with the same number: its time of birth. Nothing where no such process lives.
 * Process numbers are small in a container and come again at each start, so a number alone proves nothing.
 */
export function birthMark(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    // proc(5): the 22nd field is the start in clock ticks since boot; the name in brackets may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A killed process keeps its number until its parent has read the exit code.
    if (fields[0] === "Z") return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
  } catch {
    return ps(pid, "lstart=");
  }
}

/** Whether a process of that number lives, also when it belongs to somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The program that a process runs: `postgres`, `node`. */
export function programOf(pid: number): string | undefined {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ""));
  } catch {
    const command = ps(pid, "comm=");
    return command === undefined ? undefined : basename(command);
  }
}

// macOS has no /proc; on Linux without ps(1) this answers nothing, as for a process that is gone.
function ps(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" });
  return status === 0 ? stdout.trim() || undefined : undefined;
}
