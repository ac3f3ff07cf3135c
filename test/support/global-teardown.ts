import { rmSync } from "node:fs";
import type { TestRun } from "./global-setup";

// jest asks for a default export here.
export default async function tearDown(): Promise<void> {
  const run = (globalThis as TestRun).plenumTestRun;
  await run?.server.stop();
  if (run) rmSync(run.dataDir, { recursive: true, force: true });
}
