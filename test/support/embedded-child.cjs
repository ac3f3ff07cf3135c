// Runs the embedded server in a process of its own, for tests that kill it. Speaks JSON lines; obeys words on stdin.
//   node embedded-child.cjs '{"dataDir": …, "native": …, "uid": …}'
const { startEmbedded } = require("../../dist/services/platform/embedded/index.js");
const { Client } = require("pg");

const { uid, writes, ...options } = JSON.parse(process.argv[2]);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

// Modules are loaded already, so that a repository below /root can be tested as an ordinary user too.
if (uid !== undefined) {
  process.setgid(uid);
  process.setuid(uid);
}

async function write(target) {
  const client = new Client(target);
  client.on("error", () => undefined);
  await client.connect();
  await client.query("create table if not exists written (n bigint primary key)");
  const { rows } = await client.query("select coalesce(max(n), 0)::int as n from written");
  for (let n = rows[0].n + 1; ; n++) {
    await client.query("insert into written values ($1)", [n]);
    say({ acknowledged: n });
  }
}

async function main() {
  const began = performance.now();
  const log = {
    info() {},
    warn: (facts, text) => say({ warning: text, ...facts }),
    fatal: (_facts, text) => say({ fatal: text }),
  };
  const server = await startEmbedded({ ...options, log });
  process.once("SIGTERM", () => server.stop().then(() => process.exit(0)));
  say({ ready: { socketDir: server.socketDir, ms: performance.now() - began, pid: process.pid } });
  if (writes) await write(server.ownerUrl);
}

main().catch((error) => {
  say({ failed: error.message, kind: error.constructor.name });
  process.exit(1);
});
