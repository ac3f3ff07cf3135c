import { createSign } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import type { LogoutArrival } from "../../services/saml/logout/verify";
import {
  alg,
  at,
  attr,
  encode,
  escape,
  freshId,
  or,
  samlNs,
  samlpNs,
  sign,
  statusOf,
  type KeyPair,
  type Scene,
} from "./saml-kit";

type Maybe = string | null;

/** Where logout messages for the scene's connection go. */
export const sloOf = (scene: Scene): string => scene.acsUrl.replace(/acs$/, "slo");

export interface LogoutRequestOptions {
  readonly id?: string;
  readonly version?: Maybe;
  readonly issueInstant?: Maybe;
  readonly destination?: Maybe;
  readonly notOnOrAfter?: Maybe;
  readonly issuer?: Maybe;
  readonly nameId?: Maybe;
  readonly nameXml?: string;
  readonly sessionIndexes?: readonly string[];
  readonly extra?: string;
}

/** A logout request as a well-behaved identity provider writes it. */
export function logoutRequest(scene: Scene, o: LogoutRequestOptions = {}): string {
  const issuer = or(o.issuer, scene.idpEntityId);
  const name =
    o.nameXml ??
    (o.nameId === null
      ? ""
      : `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${escape(o.nameId ?? "alice-7f3a")}</saml:NameID>`);
  const indexes = (o.sessionIndexes ?? []).map((i) => `<samlp:SessionIndex>${escape(i)}</samlp:SessionIndex>`).join("");
  return `<samlp:LogoutRequest ${samlpNs} ${samlNs} ID="${o.id ?? freshId("_lr")}"${attr("Version", or(o.version, "2.0"))}${attr("IssueInstant", or(o.issueInstant, at(scene, -1)))}${attr("Destination", or(o.destination, sloOf(scene)))}${attr("NotOnOrAfter", or(o.notOnOrAfter, at(scene, 300)))}>${issuer === null ? "" : `<saml:Issuer>${escape(issuer)}</saml:Issuer>`}${o.extra ?? ""}${name}${indexes}</samlp:LogoutRequest>`;
}

export interface LogoutResponseOptions {
  readonly inResponseTo?: Maybe;
  readonly destination?: Maybe;
  readonly issuer?: Maybe;
  readonly issueInstant?: Maybe;
  readonly status?: string;
  readonly statusXml?: string;
}

/** The answer to a logout request of ours. */
export function logoutResponse(scene: Scene, o: LogoutResponseOptions = {}): string {
  const issuer = or(o.issuer, scene.idpEntityId);
  const status =
    o.statusXml ?? `<samlp:Status><samlp:StatusCode Value="${o.status ?? statusOf("Success")}"/></samlp:Status>`;
  return `<samlp:LogoutResponse ${samlpNs} ${samlNs} ID="${freshId("_lp")}" Version="2.0"${attr("IssueInstant", or(o.issueInstant, at(scene, -1)))}${attr("Destination", or(o.destination, sloOf(scene)))}${attr("InResponseTo", or(o.inResponseTo, scene.requestId))}>${issuer === null ? "" : `<saml:Issuer>${escape(issuer)}</saml:Issuer>`}${status}</samlp:LogoutResponse>`;
}

export interface QueryOptions {
  readonly keys?: KeyPair;
  readonly relayState?: string;
  readonly sigAlg?: string;
  readonly hash?: string;
  readonly unsigned?: boolean;
  readonly compress?: (xml: string) => Buffer;
}

const hashes: Readonly<Record<string, string>> = {
  [alg.rsaSha1]: "sha1",
  [alg.rsaSha256]: "sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": "sha384",
  [alg.rsaSha512]: "sha512",
};

/** The raw query of the HTTP-Redirect binding. */
export function redirectQuery(
  scene: Scene,
  kind: "SAMLRequest" | "SAMLResponse",
  xml: string,
  o: QueryOptions = {},
): string {
  const compress = o.compress ?? ((text: string) => deflateRawSync(Buffer.from(text, "utf8")));
  const message = `${kind}=${encodeURIComponent(compress(xml).toString("base64"))}`;
  const state = o.relayState === undefined ? "" : `&RelayState=${encodeURIComponent(o.relayState)}`;
  if (o.unsigned) return message + state;
  const sigAlg = o.sigAlg ?? alg.rsaSha256;
  const signed = `${message}${state}&SigAlg=${encodeURIComponent(sigAlg)}`;
  const hash = o.hash ?? hashes[sigAlg] ?? "sha256";
  const signature = createSign(hash)
    .update(signed)
    .sign((o.keys ?? scene.keys).privateKeyPem, "base64");
  return `${signed}&Signature=${encodeURIComponent(signature)}`;
}

export const byRedirect = (rawQuery: string): LogoutArrival => ({ binding: "REDIRECT", rawQuery });

/** A form post; the message is signed unless it says otherwise. */
export function byPost(xml: string, parameter: "SAMLRequest" | "SAMLResponse" = "SAMLRequest"): LogoutArrival {
  return { binding: "POST", parameter, field: encode(xml), relayState: null };
}

export const signedRequest = (scene: Scene, o: LogoutRequestOptions = {}, keys = scene.keys) =>
  sign(scene, logoutRequest(scene, o), "LogoutRequest", { keys });
export const signedResponse = (scene: Scene, o: LogoutResponseOptions = {}, keys = scene.keys) =>
  sign(scene, logoutResponse(scene, o), "LogoutResponse", { keys });
