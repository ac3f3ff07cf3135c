import { SignedXml } from "xml-crypto";
import { escapeXml } from "../kernel/xml/escape";
import { ns } from "../kernel/xml/namespaces";
import { c14n, enveloped } from "./algorithms";
import { writeTime } from "./time";

/** A question to an identity provider (SAML-21). */
export interface AuthnRequest {
  readonly id: string;
  readonly issuedAt: Date;
  /** The identity provider's sign-on address. */
  readonly destination: string;
  readonly acsUrl: string;
  readonly issuer: string;
  readonly forceAuthn: boolean;
  /** Asked for only where the connection says so; many identity providers refuse what they were not set up for. */
  readonly nameIdFormat: string | null;
}

/** No RequestedAuthnContext: demanding passwords by name turns away everybody who has something better (AADSTS75011). */
export function writeAuthnRequest(request: AuthnRequest): string {
  const attributes = [
    ["ID", request.id],
    ["Version", "2.0"],
    ["IssueInstant", writeTime(request.issuedAt)],
    ["Destination", request.destination],
    ["AssertionConsumerServiceURL", request.acsUrl],
    ["ProtocolBinding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"],
    ...(request.forceAuthn ? [["ForceAuthn", "true"]] : []),
  ].map(([name, value]) => ` ${name}="${escapeXml(value ?? "")}"`);
  const policy =
    request.nameIdFormat === null
      ? ""
      : `<samlp:NameIDPolicy Format="${escapeXml(request.nameIdFormat)}" AllowCreate="true"/>`;
  return (
    `<samlp:AuthnRequest xmlns:samlp="${ns.samlp}" xmlns:saml="${ns.saml}"${attributes.join("")}>` +
    `<saml:Issuer>${escapeXml(request.issuer)}</saml:Issuer>${policy}</samlp:AuthnRequest>`
  );
}

/** Puts an enveloped signature after the Issuer, for the HTTP-POST binding (SAML-20). */
export function signMessage(xml: string, id: string, key: { privateKeyPem: string; certificatePem: string }): string {
  const signer = new SignedXml({
    privateKey: key.privateKeyPem,
    publicCert: key.certificatePem,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: c14n.exclusive,
  });
  signer.addReference({
    xpath: `/*[@ID='${id}']`,
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    transforms: [enveloped, c14n.exclusive],
  });
  signer.computeSignature(xml, {
    prefix: "ds",
    location: { reference: `/*[@ID='${id}']/*[local-name(.)='Issuer']`, action: "after" },
  });
  return signer.getSignedXml();
}
