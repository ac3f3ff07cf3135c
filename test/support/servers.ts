import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, run, type Child } from "./child";
import { closeAfterFile, testDatabase } from "./database";
import { publicUrl } from "./world";

export interface Server {
  readonly base: string;
  readonly child: Child;
}

/** The master key of the tests' world, so that servers and tests open each other's secrets. */
const secretKey = "the secret key of the tests, long enough to be one";

/** Starts Plenum itself, as `npm start` does, on this worker's database; several of them are replicas of each other. */
export async function startServers(count: number, env: Readonly<Record<string, string>> = {}): Promise<Server[]> {
  await build();
  return Promise.all(Array.from({ length: count }, () => startServer(env)));
}

async function startServer(env: Readonly<Record<string, string>>): Promise<Server> {
  const { appUrl } = await testDatabase();
  const { host = "", user = "", database = "" } = appUrl as { host?: string; user?: string; database?: string };
  const dataDir = mkdtempSync(join(tmpdir(), "plenum-server-"));
  closeAfterFile(async () => rmSync(dataDir, { recursive: true, force: true }));
  const child = run("dist/services/main.js", [], {
    env: {
      PORT: "0",
      PLENUM_PUBLIC_URL: publicUrl,
      DATABASE_URL: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`,
      PLENUM_SECRET_KEY: secretKey,
      PLENUM_DATA_DIR: dataDir,
      PLENUM_TRUST_PROXY: "127.0.0.0/8",
      ...env,
    },
  });
  const port = await child.line((line) => {
    const facts = line.startsWith("{") ? (JSON.parse(line) as { msg?: string; port?: number }) : {};
    return facts.msg === "listening" ? facts.port : undefined;
  });
  const base = `http://127.0.0.1:${port}`;
  for (let n = 0; n < 200; n++) {
    if (
      await fetch(`${base}/readyz`).then(
        (r) => r.ok,
        () => false,
      )
    )
      return { base, child };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the server did not become ready\n${child.lines.join("\n")}\n${child.stderr}`);
}
