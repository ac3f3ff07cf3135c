import { randomInt } from "node:crypto";
import { connect as dial, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { PgTarget } from "../../services/platform/targets";
import { closeAfterFile, testDatabase } from "./database";

/** A transaction pooler as operators put before PostgreSQL, and what it has seen. */
export interface Pooler {
  /** Where the application finds this worker's database behind it. */
  readonly url: string;
  /** How often a client's transaction ran in another session than the one before it. */
  readonly shuffles: () => number;
  readonly transactions: () => number;
}

interface Backend {
  readonly socket: Socket;
  readonly startup: string;
  client: Client | undefined;
  read: Buffer;
}

interface Client {
  readonly socket: Socket;
  startup: Buffer | undefined;
  backend: Backend | undefined;
  last: Backend | undefined;
  /** Sync and simple queries that were not yet answered by a ReadyForQuery. */
  open: number;
  read: Buffer;
}

const idle = "I".charCodeAt(0);
const [query, sync, ready] = ["Q", "S", "Z"].map((letter) => letter.charCodeAt(0)) as [number, number, number];

/**
 * Speaks PostgreSQL's protocol: between two transactions of a client the session goes back to all the others, and the
 * next transaction gets any that is free, another one than last time where there is a choice. Knows nothing of prepared
 * statements, as a pooler of the older kind.
 */
export async function startPooler(): Promise<Pooler> {
  const { host, port: number, user, database } = (await testDatabase()).appUrl as Required<PgTarget>;
  const socketPath = `${host}/.s.PGSQL.${number}`;
  const backends: Backend[] = [];
  const seen = { shuffles: 0, transactions: 0 };

  const pick = (client: Client): Backend => {
    const startup = (client.startup as Buffer).toString("hex");
    const free = backends.filter((b) => !b.client && b.startup === startup);
    const others = free.filter((b) => b !== client.last);
    const backend = others[randomInt(Math.max(1, others.length))] ?? free[0] ?? openBackend(client.startup as Buffer);
    seen.transactions++;
    if (client.last && client.last !== backend) seen.shuffles++;
    backend.client = client;
    client.backend = client.last = backend;
    return backend;
  };
  const toBackend = (client: Client, message: Buffer): void => {
    const backend = client.backend ?? pick(client);
    if (message[0] === query || message[0] === sync) client.open++;
    backend.socket.write(message);
  };
  const openBackend = (startup: Buffer): Backend => {
    const socket = dial(socketPath);
    const backend: Backend = { socket, startup: startup.toString("hex"), client: undefined, read: Buffer.alloc(0) };
    backends.push(backend);
    socket.on("data", (data) => onAnswer(backend, data));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      backends.splice(backends.indexOf(backend), 1);
      backend.client?.socket.destroy();
    });
    return backend;
  };
  const onAnswer = (backend: Backend, data: Buffer): void => {
    const { messages, rest } = cut(Buffer.concat([backend.read, data]), 1);
    backend.read = rest;
    for (const message of messages) {
      const { client } = backend;
      client?.socket.write(message);
      if (message[0] !== ready || !client) continue;
      client.open--;
      if (client.open > 0 || message[5] !== idle) continue;
      backend.client = undefined;
      client.backend = undefined;
    }
  };
  const onRequest = (client: Client, data: Buffer): void => {
    const { messages, rest } = cut(Buffer.concat([client.read, data]), client.startup ? 1 : 0);
    client.read = rest;
    for (const message of messages) {
      if (client.startup) toBackend(client, message);
      else {
        client.startup = message;
        // The first session of a client is opened with its own greeting, and answers it.
        const backend = openBackend(message);
        Object.assign(backend, { client });
        Object.assign(client, { backend, last: backend, open: 1 });
        backend.socket.write(message);
      }
    }
  };

  const server = createServer((socket) => {
    const nothing = { startup: undefined, backend: undefined, last: undefined };
    const client: Client = { socket, ...nothing, open: 0, read: Buffer.alloc(0) };
    socket.on("data", (data) => onRequest(client, data));
    socket.on("error", () => undefined);
    socket.on("close", () => client.backend?.socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closeAfterFile(async () => {
    for (const { socket } of [...backends]) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  const url = `postgresql://${user}@127.0.0.1:${port}/${database}`;
  return { url, shuffles: () => seen.shuffles, transactions: () => seen.transactions };
}

/** Whole messages; a startup message has no letter in front of its length. */
function cut(bytes: Buffer, letter: 0 | 1): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= letter + 4) {
    const length = letter + bytes.readUInt32BE(at + letter);
    if (bytes.length - at < length) break;
    messages.push(bytes.subarray(at, at + length));
    at += length;
    if (letter === 0) break; // what follows a greeting comes with the next read
  }
  return { messages, rest: bytes.subarray(at) };
}
