import { openSync, readSync, fstatSync, closeSync } from "node:fs";
import { dirname, join } from "node:path";
import { asSuperuser } from "./identity";
import { testDatabase } from "./database";

/** What PostgreSQL wrote in its log about errors of one database. */
export interface ServerLog {
  /** The SQLSTATE and the words of every error since this was opened. */
  errors(): readonly string[];
}

/**
 * Listens to the log of the server. All files of a run share one server and its log: each line names its database, and
 * this one's sessions write the SQLSTATE too, so call `shareNoDatabase` first, and this before anything connects.
 */
export async function openServerLog(): Promise<ServerLog> {
  const { name } = await testDatabase();
  await asSuperuser(`alter database ${name} set log_error_verbosity = 'verbose'`);
  const [row] = await asSuperuser<{ data_directory: string }>("show data_directory");
  const path = join(dirname(row!.data_directory), "postgres.log");
  const from = sizeOf(path);
  const line = new RegExp(`\\] ${name} (?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}: .*)`, "g");
  return { errors: () => [...textFrom(path, from).matchAll(line)].map((m) => m[1]!) };
}

function sizeOf(path: string): number {
  return opened(path, (file) => fstatSync(file).size);
}

function textFrom(path: string, from: number): string {
  return opened(path, (file) => {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, from));
  });
}

function opened<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, "r");
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}
