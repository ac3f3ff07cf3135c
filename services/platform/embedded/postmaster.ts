import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { stopwatchMs } from "../../kernel/clock";
import type { Binaries } from "./binaries";
import { serverEnvironment } from "./cluster";
import { readPostmasterFile } from "./orphan";
import type { Place } from "./place";

/** One run of the server process, from its start to its end. */
export interface Postmaster {
  readonly pid: number;
  /** Resolves when it has ended, whatever the reason. */
  readonly ended: Promise<void>;
  /** Fast shutdown: clients are sent away, everything is on disk afterwards. */
  stop(): Promise<void>;
}

/**
 * The shell that stands between node and PostgreSQL. Its standard input is a pipe of ours: when node ends in any way,
 * kill -9 included, the kernel closes the pipe, `read` returns and the server gets its fast shutdown (DB-05). No helper
 * process of ours has to survive us. After 8 s the shutdown becomes an immediate one.
 */
const keeper = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(
  while read -r _ <&3; do :; done
  kill -INT $server
  i=0
  while [ $i -lt 80 ] && kill -0 $server; do sleep 0.1; i=$((i + 1)); done
  kill -QUIT $server
) 2>/dev/null &
watcher=$!
exec 3<&-
wait $server
code=$?
kill $watcher 2>/dev/null
exit $code
`;

// Small enough for a laptop, and nothing that costs durability. A statement that fails is not logged: it may hold
// what nobody should read in a log (SEC-40).
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  cluster_name: "plenum",
  max_connections: "100",
  shared_buffers: "64MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  max_wal_size: "512MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  io_method: "sync",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  log_min_error_statement: "panic",
  log_parameter_max_length_on_error: "0",
};

// For tests only: what a crash of the machine would lose does not matter there.
const volatileSettings: Readonly<Record<string, string>> = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  max_wal_size: "4GB",
  autovacuum_naptime: "10s",
  // Many test files share one server and its log.
  log_line_prefix: "%m [%p] %d ",
};

export const socketPort = 5432;
const readyMsMax = 60_000;
const stopMsMax = 20_000;
const logBytesMax = 4 * 1024 * 1024;

/** Starts the server and waits until it takes clients; recovery after a crash is part of that wait. */
export async function startPostmaster(
  place: Place,
  binaries: Binaries,
  socketDir: string,
  volatile: boolean,
): Promise<Postmaster> {
  const before = readPostmasterFile(place.cluster);
  const options = {
    ...settings,
    ...(volatile ? volatileSettings : {}),
    port: String(socketPort),
    unix_socket_directories: socketDir,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openLog(place);
  const child = spawn("/bin/sh", ["-c", keeper, "keeper", binaries.postgres, "-D", place.cluster, ...flags], {
    cwd: "/",
    // Its own session: Ctrl-C at the terminal reaches us alone, and we stop the server after our own clients.
    detached: true,
    stdio: ["pipe", log, log],
    env: serverEnvironment,
    ...place.identity,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  child.stdin?.on("error", () => undefined);
  const pid = await untilReady(place, child, before);
  return { pid, ended, stop: () => stop(child, ended) };
}

async function untilReady(
  place: Place,
  child: ChildProcess,
  before: { pid: number; startedAt: string } | undefined,
): Promise<number> {
  let spawnError: Error | undefined;
  child.once("error", (error) => (spawnError = error));
  const began = stopwatchMs();
  while (stopwatchMs() - began < readyMsMax) {
    await sleep(10);
    if (spawnError || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the embedded database did not start: ${spawnError?.message ?? lastWords(place)}`);
    }
    const file = readPostmasterFile(place.cluster);
    // A killed server leaves its file behind, and that one says `ready` too.
    const fresh = file && (file.pid !== before?.pid || file.startedAt !== before.startedAt);
    if (fresh && file.ready) return file.pid;
  }
  child.stdin?.end();
  throw new Error(`the embedded database was not ready after ${readyMsMax / 1000} s; see ${place.log}`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  const timer = setTimeout(() => {
    // The keeper leads the process group, so this ends whatever is left of it.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, stopMsMax);
  await ended;
  clearTimeout(timer);
}

function openLog(place: Place): number {
  if ((statSync(place.log, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax)
    renameSync(place.log, `${place.log}.1`);
  const log = openSync(place.log, "a", 0o600);
  chmodSync(place.log, 0o600);
  return log;
}

/** The end of the server's log, for a message to the operator. */
export function lastWords(place: Place): string {
  try {
    return readFileSync(place.log, "utf8").trimEnd().split("\n").slice(-5).join(" | ");
  } catch {
    return `see ${place.log}`;
  }
}
