import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";

/**
 * Makes the data directory. Everything secret in it has its own mode (0600, 0700). Root lets others pass through but
 * not list it, because the PostgreSQL of a root start runs as one of the others. A folder that was there before is
 * changed only where it is empty, as `mktemp -d` makes one for us: what lies in it may rely on its mode.
 */
export function makeDataDir(dataDir: string): void {
  const made = mkdirSync(dataDir, { recursive: true }) !== undefined;
  const uid = process.getuid?.();
  if (made || (statSync(dataDir).uid === uid && readdirSync(dataDir).length === 0)) {
    chmodSync(dataDir, uid === 0 ? 0o711 : 0o700);
  }
}
