import { Router, text, type Request, type Response } from "express";
import {
  acceptLogout,
  beginLogout,
  entranceOf,
  finishLogout,
  refuseSignIn,
  unauthenticated,
} from "../../domain/identity";
import { PlenumError } from "../../kernel/errors";
import { clearCookie, cookieStyle, readCookie } from "../../platform/cookies";
import { originOf, noteAccess } from "../../platform/http/request";
import { isOwnForm } from "../../platform/http/own-form";
import type { Snapshot } from "../connections";
import type { SamlContext } from "../context";
import { shownCode, type ShownRefusal } from "../errors";
import { bodyBytesMax, readForm } from "../form";
import { sendSignedOut } from "../pages";
import { trustOf } from "../trust-of";
import { siblingUrl } from "../urls";
import { newRelayState, newXmlId } from "../write";
import { sendLogoutMessage } from "./send";
import type { LogoutArrival, LogoutFacts } from "./verify";
import { writeLogoutRequest, writeLogoutResponse } from "./write";

interface Helpers {
  readonly find: (req: Request, res: Response, operation: string) => Promise<Snapshot>;
  readonly show: (req: Request, res: Response, refusal: ShownRefusal) => Promise<void>;
}

const relayStateBytesMax = 80;

/** Single logout in both directions: `POST /saml/logout` begins one here, `/saml/{connection}/slo` takes the rest. */
export function logoutRouter(context: SamlContext, { find, show }: Helpers): Router {
  const router = Router();
  const { db, publicUrl } = context;
  const style = cookieStyle(publicUrl);

  // Ends the session of this browser, then tells the identity provider. Ours by its form only (SAML-88).
  router.post("/saml/logout", async (req, res) => {
    noteAccess(res, { door: "saml", operation: "logout" });
    if (!isOwnForm(req, publicUrl)) throw new PlenumError("forbidden", "this form was sent from another site");
    res.append("Set-Cookie", clearCookie(style, "session"));
    const secret = readCookie(style, "session", req.get("cookie"));
    const entrance = secret === undefined ? undefined : entranceOf(secret, originOf(req, res));
    if (!entrance) throw unauthenticated();
    const ids = { requestId: newXmlId(), relayState: newRelayState() };
    const told = await db.run(entrance, (tx) => beginLogout(tx, ids));
    if (!told) return sendSignedOut(req, res, { complete: true });
    const { connection, nameId, sessionIndex } = told;
    const outgoing = {
      id: ids.requestId,
      issuedAt: db.clock.now(),
      destination: connection.sloUrl ?? "",
      nameId,
      sessionIndex,
    };
    const xml = writeLogoutRequest({ ...outgoing, issuer: connection.spEntityId });
    const message = { parameter: "SAMLRequest", id: ids.requestId, xml, relayState: ids.relayState } as const;
    if (!sendLogoutMessage(req, res, connection, message)) sendSignedOut(req, res, { complete: true });
  });

  router.get("/saml/:connection/slo", async (req, res) => {
    const snapshot = await find(req, res, "slo");
    const cut = req.originalUrl.indexOf("?");
    const rawQuery = cut < 0 ? "" : req.originalUrl.slice(cut + 1);
    await take(req, res, snapshot, { binding: "REDIRECT", rawQuery });
  });

  const form = text({ type: "application/x-www-form-urlencoded", limit: bodyBytesMax, inflate: false });
  router.post("/saml/:connection/slo", form, async (req, res) => {
    const snapshot = await find(req, res, "slo");
    const parameter = /(?:^|&)SAMLResponse=/.test(typeof req.body === "string" ? req.body : "")
      ? "SAMLResponse"
      : "SAMLRequest";
    const read = readForm(req.body, parameter);
    if (!read.ok) return refuse(req, res, snapshot, { code: read.code });
    await take(req, res, snapshot, { binding: "POST", parameter, field: read.message, relayState: read.relayState });
  });

  async function take(req: Request, res: Response, snapshot: Snapshot, arrival: LogoutArrival): Promise<void> {
    // Settings are read anew: logout is rare, and a certificate marked a moment ago counts here as anywhere.
    const current = await context.connections.read(snapshot.connection.id, originOf(req, res));
    const trust = trustOf(current.connection);
    if (!trust) return refuse(req, res, current, { code: "certificate_missing" });
    const sloUrl = siblingUrl(current.connection, "slo");
    const verdict = await context.pool.validateLogout({
      kind: "logout",
      arrival,
      trust: { trust, sloUrl },
      now: db.clock.now(),
    });
    if (!verdict.ok) return refuse(req, res, current, verdict.refusal);
    if (verdict.facts.kind === "request") await obey(req, res, current, verdict.facts);
    else await conclude(req, res, current, verdict.facts);
  }

  async function obey(
    req: Request,
    res: Response,
    current: Snapshot,
    facts: Extract<LogoutFacts, { kind: "request" }>,
  ) {
    const { connection } = current;
    const { id: messageId, nameId, sessionIndexes, replayableUntil } = facts;
    await db.run(context.connections.caller(current, originOf(req, res)), (tx) =>
      acceptLogout(tx, { connectionId: connection.id, messageId, nameId, sessionIndexes, replayableUntil }),
    );
    // The cookie stays: its session has ended if it was named, and else it is none of this identity provider's business.
    const id = newXmlId();
    const outgoing = {
      id,
      issuedAt: db.clock.now(),
      destination: connection.sloUrl ?? "",
      issuer: connection.spEntityId,
    };
    const xml = writeLogoutResponse({ ...outgoing, inResponseTo: messageId });
    const state = facts.relayState ?? "";
    const relayState = state === "" || Buffer.byteLength(state) > relayStateBytesMax ? null : state;
    const message = { parameter: "SAMLResponse", id, xml, relayState } as const;
    if (!sendLogoutMessage(req, res, connection, message)) sendSignedOut(req, res, { complete: true });
  }

  async function conclude(
    req: Request,
    res: Response,
    current: Snapshot,
    facts: Extract<LogoutFacts, { kind: "response" }>,
  ) {
    const { inResponseTo, complete } = facts;
    const connectionId = current.connection.id;
    const waited = await db.run(context.connections.caller(current, originOf(req, res)), (tx) =>
      finishLogout(tx, { connectionId, inResponseTo, complete }),
    );
    if (!waited) return refuse(req, res, current, { code: "logout_unknown" });
    sendSignedOut(req, res, { complete });
  }

  async function refuse(
    req: Request,
    res: Response,
    snapshot: Snapshot,
    refusal: { readonly code: string; readonly expected?: string; readonly received?: string },
  ): Promise<void> {
    const trail = {
      connectionId: snapshot.connection.id,
      requestId: null,
      issuer: null,
      certificate: null,
      ...refusal,
    };
    await db.run(context.connections.caller(snapshot, originOf(req, res)), (tx) => refuseSignIn(tx, trail));
    await show(req, res, shownCode(refusal.code));
  }

  return router;
}
