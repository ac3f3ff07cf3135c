import type { Request, Response } from "express";
import { completeSignIn, refuseSignIn } from "../domain/identity";
import { cookieStyle, setCookie } from "../platform/cookies";
import { originOf } from "../platform/http/request";
import { returningBrowser } from "./browser";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { shownCode, shownError, type ShownRefusal } from "./errors";

const sessionSeconds = 12 * 60 * 60;

/**
 * `GET /saml/{connection}/complete`: same-site, so the cookie of the browser that asked comes along; then everything
 * that a sign-in makes is made at once (SAML-53, 54).
 * @throws PlenumError what the domain refuses; its trail is written.
 */
export async function complete(
  context: SamlContext,
  req: Request,
  res: Response,
  snapshot: Snapshot,
): Promise<ShownRefusal | undefined> {
  const { db, connections, publicUrl } = context;
  const { code } = req.query;
  if (typeof code !== "string" || !/^[\w-]{22}$/.test(code)) return shownCode("outcome_unknown");
  const style = cookieStyle(publicUrl);
  const connectionId = snapshot.connection.id;
  const browserHash = returningBrowser(style, req.get("cookie"));
  const nothing = { requestId: null, issuer: null, certificate: null };
  const { session, returnPath } = await db.run(
    connections.caller(snapshot, originOf(req, res)),
    (tx) => completeSignIn(tx, { connectionId, code, browserHash }),
    {
      aftermath: (tx, refusal) => refuseSignIn(tx, { connectionId, code: shownError(refusal).code, ...nothing }),
    },
  );
  res.append("Set-Cookie", setCookie(style, "session", session.secret, sessionSeconds));
  res.redirect(303, `${publicUrl}${returnPath}`);
  return undefined;
}
