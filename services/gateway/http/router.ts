import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from "@apollo/server";
import { Router, type Request, type Response } from "express";
import { GraphQLError } from "graphql";
import { cookieStyle } from "../../platform/cookies";
import { noteAccess, originOf, requestIdOf } from "../../platform/http/request";
import { localeOf } from "../../platform/page";
import type { Gateway, GatewayContext, Reply } from "../context";
import type { TopLevelCode } from "../errors/codes";
import type { LimitName } from "../limits/limits";
import { checkNesting } from "../limits/nesting";
import { checkVariables } from "../limits/variables";
import { noteDenied } from "../execution/unit";
import { isFromOurPages, presented, type Presented } from "./credential";
import { sendExplorer, wantsExplorer } from "./explorer";
import { mediaTypes, wantedType } from "./media-type";
import { readJsonBody, UnreadableRequest } from "./read-body";
import { send, sendRefusal } from "./reply";
import { trustedBody, type TrustedDocuments } from "./trusted";

export interface RouterOptions {
  readonly gateway: Gateway;
  readonly apollo: ApolloServer<GatewayContext>;
  readonly deadlineMs: number;
  /** Whether a browser finds a page to try things out on. */
  readonly explorer: boolean;
  /** What a session may ask; anything where they are not given. */
  readonly trusted: TrustedDocuments | undefined;
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
      const who = presented(req.headers, style, originOf(req, res));
      if (who.by === "cookie" && !isFromOurPages(req.headers, options.gateway.publicUrl)) {
        const message = "a session is used from our own pages only";
        return sendRefusal(res, requestIdOf(res), { status: 403, code: "FORBIDDEN", message });
      }
      const body = await readRequest(req);
      const trusted = options.trusted && who.by === "cookie" ? trustedBody(options.trusted, body) : { body };
      if ("refused" in trusted) return await refuseDocument(options, req, res, who);
      await answer(options, req, res, { who, body: trusted.body });
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
    const { query, variables } = req.query;
    checkNesting(query);
    if (typeof variables === "string") checkVariables(parsed(variables));
    return undefined;
  }
  const body = await readJsonBody(req);
  if (Array.isArray(body)) throw new UnreadableRequest(400, "one operation at a time");
  if (typeof body === "object" && body !== null) {
    const { query, variables } = body as Record<string, unknown>;
    checkNesting(query);
    checkVariables(variables);
  }
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

interface Asked {
  readonly who: Presented;
  readonly body: unknown;
}

async function answer(options: RouterOptions, req: Request, res: Response, asked: Asked): Promise<void> {
  const { gateway, apollo, deadlineMs } = options;
  const reply = newReply();
  const context = contextOf(gateway, req, res, asked.who, reply);
  const timer = setTimeout(() => {
    reply.isLate = true;
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
    if (reply.isLate) return;
    for (const [name, value] of [...headers, ...reply.headers]) if (name !== "content-type") res.setHeader(name, value);
    noteAccess(res, { ...facts(reply, asked), ...clientOf(req) });
    send(res, status, headers.get("content-type") ?? mediaTypes.json, body.string);
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(
  gateway: Gateway,
  req: Request,
  res: Response,
  { entrance, by, payer }: Presented,
  reply: Reply,
): GatewayContext {
  const [origin, locale] = [originOf(req, res), localeOf(req.headers["accept-language"])];
  const idempotencyKey = req.get("idempotency-key");
  return { gateway, entrance, presented: by !== "nothing", payer, origin, locale, idempotencyKey, reply };
}

function newReply(): Reply {
  return { headers: new Map(), isLate: false, operation: undefined, deprecated: [], cost: undefined };
}

/** A document of somebody else's in a session of ours is worth a line in the audit log (attack row 26). */
async function refuseDocument({ gateway }: RouterOptions, req: Request, res: Response, who: Presented): Promise<void> {
  const context = contextOf(gateway, req, res, who, newReply());
  await noteDenied(context, { reason: "DOCUMENT_NOT_ALLOWED" }).catch(() => undefined);
  const message = "a session asks what its page was built with";
  sendRefusal(res, requestIdOf(res), { status: 400, code: "DOCUMENT_NOT_ALLOWED", message });
}

function facts(
  { operation, cost, deprecated }: Reply,
  { who: { entrance } }: Asked,
): { operation?: string; cost?: number; org?: string; deprecated?: string } {
  return {
    ...(deprecated.length === 0 ? {} : { deprecated: deprecated.join(" ") }),
    ...(operation === undefined ? {} : { operation }),
    ...(cost === undefined ? {} : { cost: cost.requested }),
    ...(entrance === undefined ? {} : { org: entrance.orgId }),
  };
}

const clientNames = { client: "apollographql-client-name", clientVersion: "apollographql-client-version" } as const;
const harmless = /^[\w .:@/+-]{1,64}$/;

/** What a client calls itself, for the access line; what has no harmless form is left out (GQL-42). */
function clientOf(req: Request): Readonly<Record<string, string>> {
  const given = Object.entries(clientNames).map(([fact, header]) => [fact, req.headers[header]] as const);
  return Object.fromEntries(
    given.filter((pair): pair is readonly [string, string] => harmless.test(String(pair[1] ?? ""))),
  );
}

// The headers that Apollo looks at: the type, and those that a form cannot send (GQL-01).
const readHeaders = ["content-type", "apollo-require-preflight", "x-apollo-operation-name"] as const;

function toApollo(req: Request, body: unknown): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const name of readHeaders) {
    const value = req.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  // What a client accepts is weighed already (readRequest); without the header Apollo answers JSON.
  if (wantedType(req.headers.accept) === mediaTypes.response) headers.set("accept", mediaTypes.response);
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
  if (!(error instanceof GraphQLError)) throw error;
  const { code, limit } = error.extensions as { code: TopLevelCode; limit?: LimitName };
  sendRefusal(res, requestId, { status: 400, code, message: error.message, ...(limit && { limit }) });
}
