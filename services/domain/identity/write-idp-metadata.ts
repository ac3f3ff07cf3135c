import { escapeXml } from "../../kernel/xml/escape";
import { ns } from "../../kernel/xml/namespaces";
import type { Binding, IdpRecord } from "./saml-settings";

const bindingUri: Readonly<Record<Binding, string>> = {
  REDIRECT: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
  POST: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
};

/** A connection's identity provider as metadata, for moving it to another installation; reading it gives the record. */
export function writeIdpMetadata(idp: IdpRecord): string {
  const validUntil = idp.validUntil ? ` validUntil="${idp.validUntil.toISOString()}"` : "";
  const keys = idp.certificates.map(({ pem }) => {
    const body = pem.replace(/-----[A-Z ]+-----|\s+/g, "");
    return `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
  });
  const slo = idp.sloUrl && idp.sloBinding ? endpoint("SingleLogoutService", idp.sloBinding, idp.sloUrl) : "";
  return (
    `<md:EntityDescriptor xmlns:md="${ns.md}" xmlns:ds="${ns.ds}" entityID="${escapeXml(idp.idpEntityId)}"${validUntil}>` +
    `<md:IDPSSODescriptor protocolSupportEnumeration="${ns.samlp}" WantAuthnRequestsSigned="${idp.signRequests}">` +
    keys.join("") +
    slo +
    endpoint("SingleSignOnService", idp.ssoBinding, idp.ssoUrl) +
    `</md:IDPSSODescriptor></md:EntityDescriptor>`
  );
}

function endpoint(name: string, binding: Binding, url: string): string {
  return `<md:${name} Binding="${bindingUri[binding]}" Location="${escapeXml(url)}"/>`;
}
