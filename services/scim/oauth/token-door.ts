import { Router, type Request, type Response } from "express";
import { publicOf } from "../../domain/access";
import {
  findClientKeys,
  issueClientToken,
  noteClientRefusal,
  type ClientProof,
  type IssuedToken,
} from "../../domain/identity";
import { PlenumError } from "../../kernel/errors";
import type { Caller } from "../../platform/caller";
import type { DoorContext } from "../../platform/door";
import { noteAccess, originOf, requestIdOf } from "../../platform/http/request";
import { countHit } from "../../platform/lobby";
import type { Database } from "../../platform/unit-of-work";
import { verifyAssertion } from "./assertion";
import { readClaim, type Claimed } from "./client-proof";
import { readForm } from "./form";
import { invalidClient, TokenRefusal, type TokenError } from "./refusal";

/** The path of the token endpoint. */
export const tokenPath = "/oauth2/token";
const perMinute = 60;
const perMinuteAndAddress = 600;

type House = Pick<DoorContext, "db" | "log"> & { readonly config: { readonly publicUrl: string } };

/** `POST /oauth2/token`: client credentials for SCIM (SCIM-042, RFC 6749 §4.4). */
export function tokenDoor(house: House): Router {
  return Router().all(tokenPath, (request, response) => serve(request, response, house));
}

async function serve(request: Request, response: Response, house: House): Promise<void> {
  noteAccess(response, { door: "scim", operation: "POST /oauth2/token" });
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Pragma", "no-cache");
  try {
    if (request.method !== "POST") {
      response.setHeader("Allow", "POST");
      refuse(response, 405, "invalid_request", "ask by POST");
      return;
    }
    const { text, scopes, seconds } = await grant(request, response, house);
    response.json({ access_token: text, token_type: "Bearer", expires_in: seconds, scope: scopes.join(" ") });
  } catch (error) {
    answerRefusal(request, response, error, house);
  }
}

async function grant(request: Request, response: Response, { db, config }: House): Promise<IssuedToken> {
  const form = await readForm(request);
  if (form.get("grant_type") !== "client_credentials") {
    throw new TokenRefusal("unsupported_grant_type", "the grant type is client_credentials");
  }
  const claimed = readClaim(request.headers.authorization, form);
  const { orgId, id } = claimed;
  noteAccess(response, { org: orgId });
  // Counted before anything is computed: guessing costs its guesser more than us, on all replicas together.
  // By address, so that a stranger who knows a client's id cannot use up what the client may ask for.
  const origin = originOf(request, response);
  // Whoever invents clients is counted by where they come from.
  if ((await countHit(db, `oauth2:${origin.ip ?? ""}`, 60)) > perMinuteAndAddress) {
    throw new PlenumError("rate_limited", `more than ${perMinuteAndAddress} requests a minute from one address`, {});
  }
  if ((await countHit(db, `oauth2:${orgId}:${id}:${origin.ip ?? ""}`, 60)) > perMinute) {
    throw new PlenumError("rate_limited", `more than ${perMinute} requests a minute`, {});
  }
  const caller = publicOf(orgId, origin);
  const scope = form.get("scope");
  const scopes = scope === undefined ? {} : { scopes: [...new Set(scope.split(" "))] };
  try {
    const proof = await proofOf(db, caller, claimed, config.publicUrl);
    return await db.run(caller, (tx) => issueClientToken(tx, { id, proof, ...scopes }));
  } catch (error) {
    if (error instanceof PlenumError && error.code === "unauthenticated") {
      await db.run(caller, (tx) => noteClientRefusal(tx, { id }));
    }
    throw error;
  }
}

/** A secret is compared where the token is written; an assertion is verified first, outside of any transaction. */
async function proofOf(db: Database, caller: Caller, claimed: Claimed, publicUrl: string): Promise<ClientProof> {
  const { by, clientId, id } = claimed;
  if (by.kind === "secret") return { by: "secret", hash: by.hash };
  const keys = await db.run(caller, (tx) => findClientKeys(tx, { id }));
  if (!keys) throw invalidClient();
  const audiences = [`${publicUrl}${tokenPath}`, publicUrl];
  const verified = await verifyAssertion(by.text, { clientId, keys, audiences, now: db.clock.now() });
  return { by: "assertion", keys, ...verified };
}

function answerRefusal(request: Request, response: Response, error: unknown, { log }: House): void {
  if (!request.complete) response.setHeader("Connection", "close");
  if (error instanceof TokenRefusal && error.error !== "invalid_client") {
    refuse(response, 400, error.error, error.message);
    return;
  }
  const code = error instanceof PlenumError ? error.code : "internal";
  switch (code) {
    case "unauthenticated":
      // The header is asked for where the header was tried (RFC 6749 §5.2).
      if (request.headers.authorization !== undefined) response.setHeader("WWW-Authenticate", 'Basic realm="oauth2"');
      refuse(response, 401, "invalid_client", invalidClient().message);
      return;
    case "invalid":
      refuse(response, 400, "invalid_scope", (error as PlenumError).message);
      return;
    case "too_large":
      refuse(response, 413, "invalid_request", "the body is larger than a token request can be");
      return;
    case "rate_limited":
      response.setHeader("Retry-After", "60");
      refuse(response, 429, "invalid_request", (error as PlenumError).message);
      return;
    default:
      log.error({ err: error, requestId: requestIdOf(response) }, "a token request failed");
      if (code === "unavailable") response.setHeader("Retry-After", "2");
      refuse(response, code === "unavailable" ? 503 : 500, "invalid_request", "the request failed on our side");
  }
}

function refuse(response: Response, status: number, error: TokenError, description: string): void {
  response.status(status).json({ error, error_description: `${description} (request ${requestIdOf(response)})` });
}
