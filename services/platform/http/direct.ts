import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Log } from "../log";
import type { Metrics } from "../metrics";
import { safeHeadersOf } from "./replies";
import { beginAccess } from "./request";

/** A request on its way past the routing; `ip` counts proxies that are trusted only. */
export type DirectRequest = IncomingMessage & { readonly ip?: string | undefined };

/**
 * A door that answers everything below one path by itself, in its own protocol, refusals of this shell included. Its
 * requests skip the routing of the other doors, which costs more than reading one row (measured: 0.25 ms of CPU).
 */
export interface DirectDoor {
  /** The first segment of its paths, with the slash, in lower case. */
  readonly prefix: string;
  serve(req: DirectRequest, res: ServerResponse): void;
}

export interface DirectParts {
  readonly publicUrl: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether an address is a proxy of ours, and how far away it stands. */
  readonly trusts: (address: string, distance: number) => boolean;
}

/** Serves what belongs to a direct door, and hands on the rest. */
export function directFirst(
  parts: DirectParts,
  doors: () => readonly DirectDoor[],
  rest: RequestListener,
): RequestListener {
  const headers = safeHeadersOf(parts.publicUrl);
  return (req, res) => {
    const door = doors().find(({ prefix }) => isBelow(req.url ?? "/", prefix));
    if (!door) return rest(req, res);
    beginAccess(req, res, parts);
    for (const [name, value] of headers) res.setHeader(name, value);
    door.serve(Object.assign(req, { ip: clientAddress(req, parts.trusts) }), res);
  };
}

function isBelow(url: string, prefix: string): boolean {
  const next = url[prefix.length];
  if (next !== undefined && next !== "/" && next !== "?") return false;
  return url.slice(0, prefix.length).toLowerCase() === prefix;
}

/** The nearest address that is no proxy of ours, walking from the socket outwards, as Express does. */
function clientAddress(req: IncomingMessage, trusts: DirectParts["trusts"]): string | undefined {
  const nearest = req.socket.remoteAddress;
  const forwarded = req.headers["x-forwarded-for"];
  if (forwarded === undefined || nearest === undefined) return nearest;
  const chain = [
    nearest,
    ...String(forwarded)
      .split(",")
      .reverse()
      .map((address) => address.trim()),
  ];
  const at = chain.findIndex((address, distance) => !trusts(address, distance));
  return chain[at === -1 ? chain.length - 1 : at];
}
