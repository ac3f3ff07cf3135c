import type { Request, Response } from "express";
import {
  completeSignIn,
  confirmSignIn,
  offerSignIn,
  refuseSignIn,
  type CompletedSignIn,
  type WaitingSignIn,
} from "../domain/identity";
import type { PlenumError } from "../kernel/errors";
import { cookieStyle, setCookie } from "../platform/cookies";
import { isOwnForm } from "../platform/http/own-form";
import { originOf } from "../platform/http/request";
import type { Tx } from "../platform/unit-of-work";
import { browserBinding, returningBrowser } from "./browser";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { shownCode, shownError, type ShownRefusal } from "./errors";
import { linkUrl } from "./link";
import { sendOffer } from "./pages";

const sessionSeconds = 12 * 60 * 60;
const codeShape = /^[\w-]{22}$/;

/**
 * `GET /saml/{connection}/complete`: same-site, so the cookie of the browser that asked comes along; then everything
 * that a sign-in makes is made at once (SAML-53, 54). Where nobody asked, the person is asked instead (SAML-56).
 * @throws PlenumError what the domain refuses; its trail is written.
 */
export async function complete(
  context: SamlContext,
  req: Request,
  res: Response,
  snapshot: Snapshot,
): Promise<ShownRefusal | undefined> {
  const { code } = req.query;
  if (typeof code !== "string" || !codeShape.test(code)) return shownCode("outcome_unknown");
  const style = cookieStyle(context.publicUrl);
  const connectionId = snapshot.connection.id;
  const cookies = req.get("cookie");
  if (snapshot.connection.idpInitiated === "accept") {
    const browser = browserBinding(style, cookies);
    const caller = context.connections.caller(snapshot, originOf(req, res));
    const input = { connectionId, code, browserHash: browser.hash };
    const offered = await context.db.run(caller, (tx) => offerSignIn(tx, input), trailOf(snapshot));
    if (offered) {
      res.append("Set-Cookie", browser.setCookie);
      sendOffer(req, res, { ...offered, code });
      return undefined;
    }
  }
  const browserHash = returningBrowser(style, cookies);
  await enter(context, req, res, snapshot, (tx) => completeSignIn(tx, { connectionId, code, browserHash }));
  return undefined;
}

/** `POST /saml/{connection}/complete`: the person pressed the button of our own page. */
export async function confirm(
  context: SamlContext,
  req: Request,
  res: Response,
  snapshot: Snapshot,
): Promise<ShownRefusal | undefined> {
  const code = new URLSearchParams(typeof req.body === "string" ? req.body : "").get("code") ?? "";
  const browserHash = returningBrowser(cookieStyle(context.publicUrl), req.get("cookie"));
  if (!isOwnForm(req, context.publicUrl) || !browserHash) return shownCode("browser_mismatch");
  if (!codeShape.test(code)) return shownCode("outcome_unknown");
  const connectionId = snapshot.connection.id;
  await enter(context, req, res, snapshot, (tx) => confirmSignIn(tx, { connectionId, code, browserHash }));
  return undefined;
}

async function enter(
  { db, connections, publicUrl }: SamlContext,
  req: Request,
  res: Response,
  snapshot: Snapshot,
  work: (tx: Tx) => Promise<CompletedSignIn | WaitingSignIn>,
): Promise<void> {
  const caller = connections.caller(snapshot, originOf(req, res));
  const done = await db.run(caller, work, trailOf(snapshot));
  if ("waiting" in done) return res.redirect(303, linkUrl(snapshot.connection, done.waiting));
  const { session, returnPath } = done;
  res.append("Set-Cookie", setCookie(cookieStyle(publicUrl), "session", session.secret, sessionSeconds));
  res.redirect(303, `${publicUrl}${returnPath}`);
}

function trailOf({ connection }: Snapshot) {
  const nothing = { requestId: null, issuer: null, certificate: null };
  return {
    aftermath: (tx: Tx, refusal: PlenumError) =>
      refuseSignIn(tx, { connectionId: connection.id, code: shownError(refusal).code, ...nothing }),
  };
}
