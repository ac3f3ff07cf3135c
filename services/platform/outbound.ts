import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { request, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address";

/** Why nothing came back; codes for hints, never the answer of the other side. */
export type OutboundReason =
  | "url_unreadable"
  | "url_scheme"
  | "url_user_name"
  | "url_port"
  | "host_unknown"
  | "address_not_public"
  | "too_many_redirects"
  | "timed_out"
  | "too_large"
  | "encoded"
  | "failed";

/** A request that was not sent, or not answered in a way that we take. */
export class OutboundRefused extends Error {
  override readonly name = "OutboundRefused";

  constructor(
    readonly reason: OutboundReason,
    options?: { cause?: unknown },
  ) {
    super(`an outbound request was refused: ${reason}`, options);
  }
}

export interface OutboundRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly redirectsMax: number;
  readonly timeoutMs: number;
  readonly bytesMax: number;
  /** The operator's switch for an identity provider inside the own network. */
  readonly privateAllowed?: boolean;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** Where the last redirect led. */
  readonly url: string;
}

/** Where the network begins; tests put their own name server and their own machine here. */
export interface Network {
  /** All addresses of a host. */
  resolve(host: string): Promise<readonly string[]>;
  /** What is really connected to, for an address that was vetted. */
  dial(address: string, port: number): Pick<RequestOptions, "host" | "port" | "ca">;
}

export const internet: Network = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  dial: (address, port) => ({ host: address, port }),
};

const ports: ReadonlySet<string> = new Set(["", "443", "8443"]);

/** How SAML metadata is fetched (SAML-07). */
export const metadataFetch = { redirectsMax: 2, timeoutMs: 5_000, bytesMax: 512 * 1024 } as const;

/**
 * Sends a request to an address that somebody typed in, so that it cannot reach into a network: https only, usual
 * ports, the name resolved once, every address of it public, and the connection made to the very address that was
 * vetted, so that a second answer of the name server changes nothing. Redirects are vetted in the same way. No cookies,
 * no compression, bounded in time and size (SAML-07, SEC-34).
 * @throws OutboundRefused
 */
export async function fetchSafely(what: OutboundRequest, network: Network = internet): Promise<OutboundResponse> {
  const deadline = AbortSignal.timeout(what.timeoutMs);
  let url = what.url;
  for (let redirects = 0; ; redirects++) {
    const response = await sendOnce(url, what, network, deadline);
    const location = response.headers["location"];
    if (!isRedirect(response.status) || typeof location !== "string") return response;
    if (redirects >= what.redirectsMax) throw new OutboundRefused("too_many_redirects");
    if (!URL.canParse(location, url)) throw new OutboundRefused("url_unreadable");
    url = new URL(location, url).href;
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

async function sendOnce(
  text: string,
  what: OutboundRequest,
  network: Network,
  deadline: AbortSignal,
): Promise<OutboundResponse> {
  const url = vetUrl(text);
  // The URL parser has made one form of every spelling of an IPv4 address, 0x7f.1 and 2130706433 included.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const address = await vetHost(host, network, what.privateAllowed === true, deadline);
  const port = url.port === "" ? 443 : Number(url.port);
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      ...network.dial(address, port),
      method: what.method ?? "GET",
      path: `${url.pathname}${url.search}`,
      // The certificate must be the name's, whatever address it has; an address has no name to send.
      servername: isIP(host) ? "" : host,
      headers: { ...what.headers, Host: url.host, "Accept-Encoding": "identity", Connection: "close" },
      agent: false,
      signal: deadline,
    };
    const sent = request(options, (answer) => {
      readBody(answer, what.bytesMax).then(
        (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body, url: url.href }),
        (error: unknown) => {
          sent.destroy();
          reject(asRefusal(error, deadline));
        },
      );
    });
    sent.on("error", (error) => reject(asRefusal(error, deadline)));
    sent.end(what.body);
  });
}

function vetUrl(text: string): URL {
  if (!URL.canParse(text)) throw new OutboundRefused("url_unreadable");
  const url = new URL(text);
  if (url.protocol !== "https:") throw new OutboundRefused("url_scheme");
  if (url.username || url.password) throw new OutboundRefused("url_user_name");
  if (!ports.has(url.port)) throw new OutboundRefused("url_port");
  return url;
}

async function vetHost(
  host: string,
  network: Network,
  privateAllowed: boolean,
  deadline: AbortSignal,
): Promise<string> {
  const addresses = isIP(host) ? [host] : await inTime(network.resolve(host), deadline);
  const [first] = addresses;
  if (first === undefined) throw new OutboundRefused("host_unknown");
  // One inner address among public ones is an attempt, not a coincidence.
  if (!privateAllowed && !addresses.every(isPublicAddress)) throw new OutboundRefused("address_not_public");
  return first;
}

async function inTime<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  deadline.throwIfAborted();
  const late = new Promise<never>((_, reject) => {
    deadline.addEventListener("abort", () => reject(new OutboundRefused("timed_out")), { once: true });
  });
  return Promise.race([work, late]).catch((error: unknown) => {
    throw error instanceof OutboundRefused ? error : new OutboundRefused("host_unknown", { cause: error });
  });
}

async function readBody(answer: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const encoding = answer.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw new OutboundRefused("encoded");
  if (Number(answer.headers["content-length"] ?? 0) > bytesMax) throw new OutboundRefused("too_large");
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bytesMax) throw new OutboundRefused("too_large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function asRefusal(error: unknown, deadline: AbortSignal): OutboundRefused {
  if (error instanceof OutboundRefused) return error;
  return new OutboundRefused(deadline.aborted ? "timed_out" : "failed", { cause: error });
}
