import { createPrivateKey } from "node:crypto";
import type { Request, Response } from "express";
import { requireLiveConnection, safeReturnPath, startSignIn, type SamlConnection } from "../domain/identity";
import { readEmail } from "../kernel/email";
import { PlenumError } from "../kernel/errors";
import { cookieStyle } from "../platform/cookies";
import { originOf } from "../platform/http/request";
import { signMessage, writeAuthnRequest } from "./authn-request";
import { browserBinding } from "./browser";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { sendPostForm } from "./pages";
import { newRelayState, newXmlId, redirectUrl } from "./write";

/** `GET /saml/{connection}/login`: remembers who asks and sends the browser to the identity provider. */
export async function login(context: SamlContext, req: Request, res: Response, snapshot: Snapshot): Promise<void> {
  const { db, connections, publicUrl } = context;
  const origin = originOf(req, res);
  const browser = browserBinding(cookieStyle(publicUrl), req.get("cookie"));
  // The contract calls the parameter RelayState; it is where the person wants to go, and what travels to the identity
  // provider under that name is opaque (ruling a22).
  const returnPath = safeReturnPath(text(req, "RelayState") ?? text(req, "return_to"));
  const reauth = text(req, "reauth") === "1";
  const asked = { reauth, requestId: newXmlId(), relayState: newRelayState(), browserHash: browser.hash, returnPath };

  let { connection } = snapshot;
  for (let attempt = 1; ; attempt++) {
    const { id: connectionId, version } = connection;
    const caller = connections.caller(snapshot, origin);
    const noted =
      connection.ssoUrl !== null &&
      (await db.run(caller, (tx) => startSignIn(tx, { ...asked, connectionId, version })));
    if (noted) break;
    ({ connection } = await connections.read(connectionId, origin));
    requireLiveConnection(connection);
    if (attempt > 2 || connection.ssoUrl === null)
      throw new PlenumError("unavailable", "the connection keeps changing");
  }
  res.append("Set-Cookie", browser.setCookie);
  ask(req, res, connection, { ...asked, now: db.clock.now() });
}

export interface Asked {
  readonly requestId: string;
  readonly relayState: string;
  /** Whether whoever is known there is asked again all the same. */
  readonly reauth?: boolean;
  readonly now: Date;
}

/** Sends the browser to the identity provider with our question. */
export function ask(req: Request, res: Response, connection: SamlConnection, asked: Asked): void {
  const destination = connection.ssoUrl ?? "";
  const xml = writeAuthnRequest({
    id: asked.requestId,
    issuedAt: asked.now,
    destination,
    acsUrl: connection.urls.acsUrl,
    issuer: connection.spEntityId,
    forceAuthn: asked.reauth ?? false,
    nameIdFormat: connection.options.nameIdFormat ?? null,
  });
  const key = connection.signRequests
    ? connection.keys.find((k) => k.use === "SIGNING" && k.status === "ACTIVE")
    : undefined;
  if (connection.ssoBinding === "POST") {
    const signed = key ? signMessage(xml, asked.requestId, key) : xml;
    const SAMLRequest = Buffer.from(signed, "utf8").toString("base64");
    sendPostForm(req, res, destination, { SAMLRequest, RelayState: asked.relayState });
    return;
  }
  const signWith = key ? createPrivateKey(key.privateKeyPem) : null;
  const url = redirectUrl(destination, { parameter: "SAMLRequest", xml, relayState: asked.relayState, signWith });
  res.redirect(302, url + hint(text(req, "login_hint")));
}

// Entra, Google and Okta fill in the user name from it (SAML-78); it stands behind what is signed.
function hint(value: string | undefined): string {
  const email = value === undefined ? undefined : readEmail(value);
  return email ? `&login_hint=${encodeURIComponent(email.asGiven)}` : "";
}

function text(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === "string" ? value : undefined;
}
