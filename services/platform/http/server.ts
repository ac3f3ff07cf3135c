import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Milliseconds. Keep-alive outlasts the 60 s after which balancers drop idle connections, or they would meet a closed
 * one now and then (PIT-27); a header that drips in is given up.
 */
export const serverTimes = { keepAliveMs: 65_000, headersMs: 10_000, requestMs: 30_000, graceMs: 20_000 } as const;

const headerBytesMax = 16 * 1024;

/** A server whose requests can be waited for. */
export interface DrainingServer {
  readonly server: Server;
  listen(port: number, host: string): Promise<number>;
  /** Lets every answer close its connection, so that clients find another replica for their next request. */
  turnAway(): void;
  /** Takes no more connections and waits for the running requests, `graceMs` at most. */
  drain(graceMs?: number): Promise<void>;
}

export function openServer(listener: RequestListener): DrainingServer {
  const running = new Set<ServerResponse>();
  let turningAway = false;
  const server = createServer({
    keepAliveTimeout: serverTimes.keepAliveMs,
    headersTimeout: serverTimes.headersMs,
    requestTimeout: serverTimes.requestMs,
    // Node looks for overdue connections this often; its 30 s would let a header drip for 40 s.
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: headerBytesMax,
  });
  server.on("request", (req, res) => {
    running.add(res);
    res.once("close", () => running.delete(res));
    if (turningAway) res.shouldKeepAlive = false;
    listener(req, res);
  });
  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    turnAway() {
      turningAway = true;
      for (const res of running) if (!res.headersSent) res.shouldKeepAlive = false;
    },
    async drain(graceMs = serverTimes.graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (let waited = 0; waited < graceMs && running.size > 0; waited += 25) await sleep(25);
      server.closeAllConnections();
      await closed;
    },
  };
}
