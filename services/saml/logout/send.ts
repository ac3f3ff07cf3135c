import { createPrivateKey } from "node:crypto";
import type { Request, Response } from "express";
import type { SamlConnection } from "../../domain/identity";
import { signMessage } from "../authn-request";
import { sendOnward, sendPostForm } from "../pages";
import { redirectUrl } from "../write";

export interface LogoutMessage {
  readonly parameter: "SAMLRequest" | "SAMLResponse";
  readonly id: string;
  readonly xml: string;
  readonly relayState: string | null;
}

/**
 * Hands the browser a signed logout message for the identity provider, to its configured address and nowhere else.
 * False where there is no address or no key.
 */
export function sendLogoutMessage(
  req: Request,
  res: Response,
  connection: SamlConnection,
  message: LogoutMessage,
): boolean {
  const key = connection.keys.find((k) => k.use === "SIGNING" && k.status === "ACTIVE");
  const { sloUrl } = connection;
  if (!key || sloUrl === null) return false;
  const { parameter, id, xml, relayState } = message;
  if (connection.sloBinding === "POST") {
    const signed = Buffer.from(signMessage(xml, id, key), "utf8").toString("base64");
    sendPostForm(req, res, sloUrl, { [parameter]: signed, ...(relayState === null ? {} : { RelayState: relayState }) });
    return true;
  }
  const url = redirectUrl(sloUrl, { parameter, xml, relayState, signWith: createPrivateKey(key.privateKeyPem) });
  if (req.method === "GET") res.redirect(302, url);
  else sendOnward(req, res, url);
  return true;
}
