import { instant } from "../../kernel/clock";
import { attribute, childrenNamed, descendants, is, parseXml, textOf, XmlError } from "../../kernel/xml/dom";
import { ns } from "../../kernel/xml/namespaces";
import { metadataLimits, prescan } from "../../kernel/xml/prescan";
import { badConnection, certificatesMax, readCertificate } from "./certificates";
import { readEndpoint, readEntityId, type Binding, type IdpRecord, type UrlRule } from "./saml-settings";

const protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
const bindings: ReadonlyMap<string, Binding> = new Map([
  ["urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", "REDIRECT"],
  ["urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", "POST"],
]);

export interface MetadataOptions extends UrlRule {
  readonly now: Date;
  /** Which entity of an aggregate is meant; an aggregate without a choice is refused. */
  readonly entityId?: string;
}

/**
 * An identity provider's metadata as a record (SAML-04).
 * @throws PlenumError `invalid`, field `metadata`, with the reason.
 */
export function readMetadata(xml: string, options: MetadataOptions): IdpRecord {
  const entity = chooseEntity(parse(xml), options);
  const idpEntityId = readEntityId("metadata.entityID", attribute(entity, "entityID") ?? "");
  const descriptor = childrenNamed(entity, ns.md, "IDPSSODescriptor").find((candidate) =>
    (attribute(candidate, "protocolSupportEnumeration") ?? "").split(/\s+/).includes(protocol),
  );
  if (!descriptor) throw bad("no_identity_provider", "an IDPSSODescriptor for SAML 2.0");
  const validUntil = earliest([entity.parentNode as Element, entity, descriptor], options.now);
  const sso = endpoint(descriptor, "SingleSignOnService", options);
  if (!sso) throw bad("no_sso_service", "a SingleSignOnService with HTTP-Redirect or HTTP-POST");
  const slo = endpoint(descriptor, "SingleLogoutService", options);
  return {
    idpEntityId,
    ssoUrl: sso.url,
    ssoBinding: sso.binding,
    sloUrl: slo?.url ?? null,
    sloBinding: slo?.binding ?? null,
    certificates: signingCertificates(descriptor).map((text) => readCertificate("metadata.certificate", text)),
    signRequests: ["true", "1"].includes(attribute(descriptor, "WantAuthnRequestsSigned") ?? ""),
    validUntil,
  };
}

function bad(reason: string, expected: string, more = {}) {
  return badConnection("metadata", reason, expected, more);
}

function parse(text: string): Element {
  // An administrator's file may hold a byte order mark and comments, as Shibboleth's own template does. In messages
  // comments are refused, because there they split what was signed; here nobody signed.
  const xml = text
    .replace(/^\ufeff/, "")
    .trim()
    .replace(/<!--[\s\S]*?-->/g, "");
  const code = prescan(xml, metadataLimits);
  if (code) throw bad(code, "SAML 2.0 metadata in well-formed XML");
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) throw bad("xml_not_well_formed", "SAML 2.0 metadata in well-formed XML");
    throw error;
  }
}

function chooseEntity(root: Element, { entityId }: MetadataOptions): Element {
  if (is(root, ns.md, "EntityDescriptor")) {
    const own = attribute(root, "entityID");
    if (entityId !== undefined && own !== entityId) throw bad("other_entity", entityId, { received: own ?? "" });
    return root;
  }
  if (!is(root, ns.md, "EntitiesDescriptor")) throw bad("no_metadata", "an EntityDescriptor");
  if (entityId === undefined) throw bad("several_entities", "the entity id of the one that is meant");
  const found = [...descendants(root)].filter(
    (element) => is(element, ns.md, "EntityDescriptor") && attribute(element, "entityID") === entityId,
  );
  const [entity] = found;
  if (!entity || found.length > 1) throw bad("entity_not_found", "the entity exactly once", { received: entityId });
  return entity;
}

function earliest(elements: readonly (Element | null)[], now: Date): Date | null {
  const ends = elements.flatMap((element) => {
    const text = element?.nodeType === 1 ? attribute(element, "validUntil") : undefined;
    if (text === undefined) return [];
    const end = instant(text);
    if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(end.getTime())) throw bad("valid_until", "an xs:dateTime");
    return [end];
  });
  const end = ends.reduce<Date | null>((first, at) => (first && first <= at ? first : at), null);
  if (end && end <= now) throw bad("metadata_expired", "metadata that is still valid", { received: end.toISOString() });
  return end;
}

// Redirect first: it needs no script in the browser, and every identity provider has it.
function endpoint(descriptor: Element, name: string, rule: UrlRule): { url: string; binding: Binding } | undefined {
  const offered = childrenNamed(descriptor, ns.md, name).flatMap((element) => {
    const binding = bindings.get(attribute(element, "Binding") ?? "");
    const location = attribute(element, "Location");
    return binding && location !== undefined ? [{ binding, location }] : [];
  });
  const chosen = offered.find(({ binding }) => binding === "REDIRECT") ?? offered[0];
  if (!chosen) return undefined;
  return { binding: chosen.binding, url: readEndpoint(`metadata.${name}`, chosen.location, rule) };
}

// A KeyDescriptor without `use` serves both purposes (saml-metadata-2.0-os §2.4.1.1): whoever overlooks that ends
// with no certificate and, in Keycloak's case, with no validation (SAML-A84).
function signingCertificates(descriptor: Element): string[] {
  const keys = childrenNamed(descriptor, ns.md, "KeyDescriptor").filter((key) =>
    [undefined, "signing"].includes(attribute(key, "use")),
  );
  const texts = keys.flatMap((key) =>
    [...descendants(key)]
      .filter((e) => is(e, ns.ds, "X509Data"))
      .flatMap((data) =>
        // The first of a chain is the signer's own; its issuers vouch for nobody here.
        childrenNamed(data, ns.ds, "X509Certificate")
          .slice(0, 1)
          .map((e) => textOf(e) ?? ""),
      ),
  );
  const distinct = [...new Map(texts.map((text) => [text.replace(/\s+/g, ""), text])).values()];
  if (distinct.length === 0) throw bad("no_signing_certificate", "a KeyDescriptor for signing with a certificate");
  if (distinct.length > certificatesMax) {
    throw bad("too_many_certificates", `at most ${certificatesMax} signing certificates`, {
      received: distinct.length,
    });
  }
  return distinct;
}
