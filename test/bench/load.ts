import { Agent, request, type IncomingMessage } from "node:http";
import { readFileSync } from "node:fs";

export interface BenchRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One side of a comparison: a server process, and the requests that it gets. */
export interface Side {
  readonly port: number;
  /** The processes whose CPU time counts for this side; the database is shared and not among them. */
  readonly pids: readonly number[];
  /** The n-th request of a run. */
  next(n: number): BenchRequest;
  /** The status that every answer must have: a fast error is no result. */
  readonly status: number;
}

export interface Measured {
  readonly perSecond: number;
  readonly cpuMsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends requests over `connections` kept-alive connections for a while; throws at the first wrong status. */
export async function load(
  side: Side,
  options: { connections: number; seconds: number; from: number },
): Promise<Measured & { sent: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const times: number[] = [];
  let sent = 0;
  const cpuBefore = cpuMs(side.pids);
  const began = performance.now();
  const until = began + options.seconds * 1000;
  const client = async () => {
    while (performance.now() < until) {
      const n = options.from + sent++;
      const start = performance.now();
      await send(agent, side, side.next(n));
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, client));
  const seconds = (performance.now() - began) / 1000;
  const cpu = cpuMs(side.pids) - cpuBefore;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (q: number) => times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0;
  return { sent, perSecond: sent / seconds, cpuMsPerRequest: cpu / sent, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function send(agent: Agent, side: Side, it: BenchRequest): Promise<void> {
  return new Promise((done, fail) => {
    const headers = {
      ...it.headers,
      ...(it.body === undefined ? {} : { "content-length": Buffer.byteLength(it.body) }),
    };
    const out = request(
      { agent, host: "127.0.0.1", port: side.port, method: it.method, path: it.path, headers },
      (res) => {
        if (res.statusCode !== side.status)
          return void collect(res).then((text) => fail(unexpected(it, res, text)), fail);
        res.on("end", done).on("error", fail).resume();
      },
    );
    out.on("error", fail);
    out.end(it.body);
  });
}

function unexpected(it: BenchRequest, res: IncomingMessage, text: string): Error {
  return new Error(`${it.method} ${it.path} answered ${res.statusCode ?? "nothing"}: ${text.slice(0, 500)}`);
}

async function collect(res: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of res) text += String(chunk);
  return text;
}

/** User and system time of processes in milliseconds, by /proc; 0 where there is none (macOS). */
export function cpuMs(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0;
    }
  }
  return ticks * 10;
}
