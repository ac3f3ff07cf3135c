import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config";
import { makeDataDir } from "./data-dir";

/**
 * The secret that everything sealed at rest depends on: `PLENUM_SECRET_KEY`, or in development a key that the first
 * start puts into the data directory. Server and command line may do so at the same moment and get the same one.
 * @throws where the file could be read by others (SEC-11)
 */
export function masterSecret(config: Pick<Config, "secretKey" | "dataDir">): string {
  if (config.secretKey !== undefined) return config.secretKey;
  const file = join(config.dataDir, "secret.key");
  return readKey(file) ?? makeKey(config.dataDir, file);
}

function readKey(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return undefined;
  if ((found.mode & 0o077) !== 0) {
    throw new Error(`${file} may be read by other users; it holds the master key. Fix it: chmod 600 ${file}`);
  }
  return readFileSync(file, "utf8").trim();
}

function makeKey(dataDir: string, file: string): string {
  makeDataDir(dataDir);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = readKey(file);
  if (key === undefined) throw new Error(`${file} could not be written`);
  return key;
}
