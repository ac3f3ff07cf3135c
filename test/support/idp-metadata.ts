import type { KeyPair } from "./saml-kit";

export interface IdpMetadataOptions {
  readonly entityId?: string;
  readonly ssoUrl?: string;
  readonly sloUrl?: string | null;
  /** Raw KeyDescriptors in place of the one for the key pair. */
  readonly keysXml?: string;
  readonly attributes?: string;
  readonly ssoXml?: string;
}

export const bare = (keys: KeyPair) => keys.certificatePem.replace(/-----[A-Z ]+-----|\s+/g, "");
export const keyDescriptor = (keys: KeyPair, use?: string) =>
  `<md:KeyDescriptor${use ? ` use="${use}"` : ""}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${bare(keys).replace(/(.{64})/g, "$1\r\n")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;

/** An identity provider's metadata as a file that an administrator uploads. */
export function idpMetadata(keys: KeyPair, o: IdpMetadataOptions = {}): string {
  const sso =
    o.ssoXml ??
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${o.ssoUrl ?? "https://idp.acme.example/sso?tenant=a&amp;b=c"}"/>`;
  const slo = o.sloUrl
    ? `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${o.sloUrl}"/>`
    : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- written by hand -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${o.entityId ?? "https://idp.acme.example/metadata"}"${o.attributes ?? ""}>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="true">
    ${o.keysXml ?? keyDescriptor(keys, "signing")}
    ${slo}
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    ${sso}
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`;
}
