import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from "@apollo/server";
import { Router, type Request, type Response } from "express";
import { cookieStyle } from "../../platform/cookies";
import { noteAccess, originOf, requestIdOf } from "../../platform/http/request";
import { localeOf } from "../../platform/page";
import type { Gateway, GatewayContext, Reply } from "../context";
import { checkVariables } from "../limits/variables";
import { isFromOurPages, presented } from "./credential";
import { sendExplorer, wantsExplorer } from "./explorer";
import { mediaTypes, wantedType } from "./media-type";
import { readJsonBody, UnreadableRequest } from "./read-body";
import { send, sendRefusal } from "./reply";

export interface RouterOptions {
  readonly gateway: Gateway;
  readonly apollo: ApolloServer<GatewayContext>;
  readonly deadlineMs: number;
  /** Whether a browser finds a page to try things out on. */
  readonly explorer: boolean;
}

const path = "/graphql";

/** The path of the door. Our own handler around Apollo's: small, and without a page of HTML among its answers. */
export function graphqlRouter(options: RouterOptions): Router {
  const style = cookieStyle(options.gateway.publicUrl);
  const router = Router();
  router.all(path, async (req, res) => {
    noteAccess(res, { door: "gateway" });
    try {
      if (options.explorer && wantsExplorer(req)) return sendExplorer(res);
      const { entrance, by } = presented(req.headers, style, originOf(req, res));
      if (by === "cookie" && !isFromOurPages(req.headers, options.gateway.publicUrl)) {
        const message = "a session is used from our own pages only";
        return sendRefusal(res, requestIdOf(res), { status: 403, code: "FORBIDDEN", message });
      }
      const body = await readRequest(req);
      await answer(options, req, res, { entrance, presented: by !== "nothing", body });
    } catch (error) {
      refuse(res, error);
    }
  });
  return router;
}

/** The body of a POST, looked through; a GET has its question in the path. */
async function readRequest(req: Request): Promise<unknown> {
  if (req.method !== "POST" && req.method !== "GET") {
    throw new UnreadableRequest(405, "expected GET or POST", { Allow: "GET, POST" });
  }
  if (wantedType(req.headers.accept) === undefined) {
    throw new UnreadableRequest(406, `this path answers ${mediaTypes.json} and ${mediaTypes.response}`);
  }
  if (req.method === "GET") {
    const variables = req.query["variables"];
    if (typeof variables === "string") checkVariables(parsed(variables));
    return undefined;
  }
  const body = await readJsonBody(req);
  if (Array.isArray(body)) throw new UnreadableRequest(400, "one operation at a time");
  if (typeof body === "object" && body !== null) checkVariables((body as Record<string, unknown>)["variables"]);
  return body;
}

// What is no JSON is refused by Apollo, with the name of the parameter.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Asked = Pick<GatewayContext, "entrance" | "presented"> & { readonly body: unknown };

async function answer(options: RouterOptions, req: Request, res: Response, asked: Asked): Promise<void> {
  const { gateway, apollo, deadlineMs } = options;
  const deadline = new AbortController();
  const reply: Reply = { headers: new Map(), operation: undefined, cost: undefined };
  const context: GatewayContext = {
    gateway,
    entrance: asked.entrance,
    presented: asked.presented,
    origin: originOf(req, res),
    locale: localeOf(req.headers["accept-language"]),
    signal: deadline.signal,
    reply,
  };
  const timer = setTimeout(() => {
    deadline.abort();
    const message = `the operation took longer than ${deadlineMs} ms`;
    const headers = { "Retry-After": "2" };
    sendRefusal(res, requestIdOf(res), { status: 503, code: "UNAVAILABLE", message, headers });
  }, deadlineMs);
  try {
    const httpGraphQLRequest = toApollo(req, asked.body);
    const {
      status = 200,
      headers,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: () => Promise.resolve(context),
    });
    if (body.kind !== "complete") throw new Error("this door answers in one piece");
    if (res.headersSent) return; // its time was up
    for (const [name, value] of [...headers, ...reply.headers]) if (name !== "content-type") res.setHeader(name, value);
    noteAccess(res, facts(reply, asked));
    send(res, status, headers.get("content-type") ?? mediaTypes.json, body.string);
  } finally {
    clearTimeout(timer);
  }
}

function facts({ operation, cost }: Reply, { entrance }: Asked): { operation?: string; cost?: number; org?: string } {
  return {
    ...(operation === undefined ? {} : { operation }),
    ...(cost === undefined ? {} : { cost }),
    ...(entrance === undefined ? {} : { org: entrance.orgId }),
  };
}

// The headers that Apollo looks at: the type, what is accepted, and those that a form cannot send (GQL-01).
const readHeaders = ["content-type", "accept", "apollo-require-preflight", "x-apollo-operation-name"] as const;

function toApollo(req: Request, body: unknown): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const name of readHeaders) {
    const value = req.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const mark = req.url.indexOf("?");
  return { method: req.method, headers, search: mark < 0 ? "" : req.url.slice(mark), body };
}

function refuse(res: Response, error: unknown): void {
  const requestId = requestIdOf(res);
  if (error instanceof UnreadableRequest) {
    const { status, message, headers } = error;
    const limit = status === 413 ? ({ limit: "body" } as const) : {};
    return sendRefusal(res, requestId, { status, code: "BAD_USER_INPUT", message, headers, ...limit });
  }
  const { extensions, message } = error as { extensions?: { code?: unknown; limit?: unknown }; message: string };
  if (extensions?.code !== "BAD_USER_INPUT") throw error;
  const limit = extensions.limit === "variables" ? ({ limit: "variables" } as const) : {};
  sendRefusal(res, requestId, { status: 400, code: "BAD_USER_INPUT", message, ...limit });
}
