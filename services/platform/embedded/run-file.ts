import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownerOf } from "./owner-lock";

/** How another process of the same user reaches a running embedded server (ruling c3). */
export interface RunFile {
  readonly pid: number;
  readonly socketDir: string;
  readonly port: number;
  readonly startedAt: string;
}

const pathOf = (dataDir: string): string => join(dataDir, "run.json");

export function writeRunFile(dataDir: string, run: RunFile): void {
  const draft = `${pathOf(dataDir)}.${run.pid}`;
  writeFileSync(draft, `${JSON.stringify(run)}\n`, { mode: 0o600 });
  renameSync(draft, pathOf(dataDir));
}

/** The run file of a living owner; one that a killed process left counts as none. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(pathOf(dataDir), "utf8")) as RunFile;
    return ownerOf(dataDir) === run.pid ? run : undefined;
  } catch {
    return undefined;
  }
}

export function removeRunFile(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}
