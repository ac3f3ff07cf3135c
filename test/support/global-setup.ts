import "reflect-metadata";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRole, startEmbedded, type EmbeddedServer } from "../../services/platform/embedded";
import { migrate } from "../../services/platform/migrate";
import { isAlive } from "../../services/platform/embedded/processes";

/** One cluster for the whole run; its database `plenum` is migrated and serves as the template of all others. (jest asks for a default export here.) */
export default async function setUp(): Promise<void> {
  sweep();
  const dataDir = mkdtempSync(join(tmpdir(), `plenum-test-${process.pid}-`));
  const server = await startEmbedded({ dataDir, volatile: true });
  try {
    await migrate(server.ownerUrl, { appRole });
  } catch (error) {
    await server.stop();
    throw error;
  }
  process.env.PLENUM_TEST_SOCKET = server.socketDir;
  (globalThis as TestRun).plenumTestRun = { server, dataDir };
}

/** What the teardown needs; both run in jest's main process. */
export interface TestRun {
  plenumTestRun?: { server: EmbeddedServer; dataDir: string };
}

// A run that was killed leaves its folder; the process number in its name says whether it is still in use.
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^plenum-test-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
