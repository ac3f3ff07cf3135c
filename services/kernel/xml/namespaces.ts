/** The namespaces in which SAML 2.0 speaks, each with the document that defines it. */
export const ns = {
  /** saml-core-2.0-os §1.2 */
  saml: "urn:oasis:names:tc:SAML:2.0:assertion",
  samlp: "urn:oasis:names:tc:SAML:2.0:protocol",
  /** saml-metadata-2.0-os §2 */
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  /** xmldsig-core1 §1.3 */
  ds: "http://www.w3.org/2000/09/xmldsig#",
  /** xmlenc-core1 §1.3 */
  xenc: "http://www.w3.org/2001/04/xmlenc#",
  xenc11: "http://www.w3.org/2009/xmlenc11#",
  /** xml-exc-c14n §2 */
  ec: "http://www.w3.org/2001/10/xml-exc-c14n#",
  xmlns: "http://www.w3.org/2000/xmlns/",
  xml: "http://www.w3.org/XML/1998/namespace",
} as const;
