import type { MappingProfileName } from "../../services/domain/identity";
import { at, escape, freshId, sign, type Scene, type SignedPart } from "./saml-kit";

// Responses in the shapes that identity providers really send: their prefixes, default namespaces, declarations, name
// formats, value types and qualifiers, as their documentation and support threads show them. Names, times and addresses
// are ours, and so is the signature.

/** One vendor's way of saying the same thing. */
export interface VendorShape {
  readonly issuer: string;
  /** What it signs out of the box. */
  readonly signed: SignedPart;
  /** Prefixes that its canonicalisation names. */
  readonly prefixes?: readonly string[];
  readonly write: (scene: Scene, person: VendorPerson) => string;
}

export interface VendorPerson {
  readonly email: string;
  readonly nameId: string;
}

const samlp = "urn:oasis:names:tc:SAML:2.0:protocol";
const saml = "urn:oasis:names:tc:SAML:2.0:assertion";
const xs = `xmlns:xs="http://www.w3.org/2001/XMLSchema"`;
const xsi = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
const success = "urn:oasis:names:tc:SAML:2.0:status:Success";
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const classes = "urn:oasis:names:tc:SAML:2.0:ac:classes";
const format11 = "urn:oasis:names:tc:SAML:1.1:nameid-format";
const format20 = "urn:oasis:names:tc:SAML:2.0:nameid-format";
const nameFormat = "urn:oasis:names:tc:SAML:2.0:attrname-format";
const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const microsoft = "http://schemas.microsoft.com";

const values = (list: readonly string[], element: string, attributes = "") =>
  list.map((value) => `<${element}${attributes}>${escape(value)}</${element}>`).join("");

const confirmation = (scene: Scene, prefix: string, seconds: number, more = "") =>
  `<${prefix}SubjectConfirmation Method="${bearer}"><${prefix}SubjectConfirmationData${more} InResponseTo="${scene.requestId ?? ""}" NotOnOrAfter="${at(scene, seconds)}" Recipient="${scene.acsUrl}"/></${prefix}SubjectConfirmation>`;

function okta(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, list: readonly string[]) =>
    `<saml2:Attribute Name="${name}" NameFormat="${nameFormat}:unspecified">${values(list, "saml2:AttributeValue", ` ${xs} ${xsi} xsi:type="xs:string"`)}</saml2:Attribute>`;
  const issuer = `<saml2:Issuer xmlns:saml2="${saml}" Format="${format20}:entity">${scene.idpEntityId}</saml2:Issuer>`;
  return `<?xml version="1.0" encoding="UTF-8"?><saml2p:Response xmlns:saml2p="${samlp}" Destination="${scene.acsUrl}" ID="${freshId("id")}" InResponseTo="${scene.requestId ?? ""}" IssueInstant="${at(scene, -1)}" Version="2.0" ${xs}>${issuer}<saml2p:Status xmlns:saml2p="${samlp}"><saml2p:StatusCode Value="${success}"/></saml2p:Status><saml2:Assertion xmlns:saml2="${saml}" ID="${freshId("id")}" IssueInstant="${at(scene, -1)}" Version="2.0" ${xs}>${issuer}<saml2:Subject xmlns:saml2="${saml}"><saml2:NameID Format="${format11}:emailAddress">${nameId}</saml2:NameID>${confirmation(scene, "saml2:", 300)}</saml2:Subject><saml2:Conditions xmlns:saml2="${saml}" NotBefore="${at(scene, -300)}" NotOnOrAfter="${at(scene, 300)}"><saml2:AudienceRestriction><saml2:Audience>${scene.spEntityId}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AuthnStatement xmlns:saml2="${saml}" AuthnInstant="${at(scene, -60)}" SessionIndex="${scene.requestId ?? ""}"><saml2:AuthnContext><saml2:AuthnContextClassRef>${classes}:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement xmlns:saml2="${saml}">${attribute("email", [email])}${attribute("firstName", ["Zoé"])}${attribute("lastName", ["Dupont"])}${attribute("groups", ["Everyone", "staff"])}</saml2:AttributeStatement></saml2:Assertion></saml2p:Response>`;
}

function entra(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, list: readonly string[]) =>
    `<Attribute Name="${name}">${values(list, "AttributeValue")}</Attribute>`;
  const id = freshId("_");
  return `<samlp:Response ID="${freshId("_")}" Version="2.0" IssueInstant="${at(scene, -1)}" Destination="${scene.acsUrl}" InResponseTo="${scene.requestId ?? ""}" xmlns:samlp="${samlp}"><Issuer xmlns="${saml}">${scene.idpEntityId}</Issuer><samlp:Status><samlp:StatusCode Value="${success}"/></samlp:Status><Assertion ID="${id}" IssueInstant="${at(scene, -1)}" Version="2.0" xmlns="${saml}"><Issuer>${scene.idpEntityId}</Issuer><Subject><NameID Format="${format11}:emailAddress">${nameId}</NameID>${confirmation(scene, "", 3600)}</Subject><Conditions NotBefore="${at(scene, -300)}" NotOnOrAfter="${at(scene, 3600)}"><AudienceRestriction><Audience>${scene.spEntityId}</Audience></AudienceRestriction></Conditions><AttributeStatement>${attribute(`${microsoft}/identity/claims/tenantid`, ["11111111-2222-3333-4444-555555555555"])}${attribute(`${microsoft}/identity/claims/objectidentifier`, ["9f3c0d5e-0000-4000-8000-1b2c3d4e5f60"])}${attribute(`${microsoft}/identity/claims/displayname`, ["Zoé Dupont"])}${attribute(`${microsoft}/ws/2008/06/identity/claims/groups`, ["2f1b3c4d-0000-4000-8000-aaaaaaaaaaaa", "2f1b3c4d-0000-4000-8000-bbbbbbbbbbbb"])}${attribute(`${microsoft}/identity/claims/identityprovider`, [scene.idpEntityId])}${attribute(`${microsoft}/claims/authnmethodsreferences`, [`${microsoft}/ws/2008/06/identity/authenticationmethod/password`, `${microsoft}/claims/multipleauthn`])}${attribute(`${claims}/givenname`, ["Zoé"])}${attribute(`${claims}/surname`, ["Dupont"])}${attribute(`${claims}/emailaddress`, [email])}${attribute(`${claims}/name`, [nameId])}</AttributeStatement><AuthnStatement AuthnInstant="${at(scene, -900)}" SessionIndex="${id}"><AuthnContext><AuthnContextClassRef>${classes}:Password</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion></samlp:Response>`;
}

function google(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, list: readonly string[]) =>
    `<saml2:Attribute Name="${name}">${values(list, "saml2:AttributeValue", ` ${xs} ${xsi} xsi:type="xs:anyType"`)}</saml2:Attribute>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?><saml2p:Response xmlns:saml2p="${samlp}" Destination="${scene.acsUrl}" ID="${freshId("_")}" InResponseTo="${scene.requestId ?? ""}" IssueInstant="${at(scene, -1)}" Version="2.0"><saml2:Issuer xmlns:saml2="${saml}">${scene.idpEntityId}</saml2:Issuer><saml2p:Status><saml2p:StatusCode Value="${success}"/></saml2p:Status><saml2:Assertion xmlns:saml2="${saml}" ID="${freshId("_")}" IssueInstant="${at(scene, -1)}" Version="2.0"><saml2:Issuer>${scene.idpEntityId}</saml2:Issuer><saml2:Subject><saml2:NameID Format="${format11}:unspecified">${nameId}</saml2:NameID>${confirmation(scene, "saml2:", 300)}</saml2:Subject><saml2:Conditions NotBefore="${at(scene, -300)}" NotOnOrAfter="${at(scene, 300)}"><saml2:AudienceRestriction><saml2:Audience>${scene.spEntityId}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AttributeStatement>${attribute("email", [email])}${attribute("firstName", ["Zoé"])}${attribute("lastName", ["Dupont"])}${attribute("groups", ["staff"])}</saml2:AttributeStatement><saml2:AuthnStatement AuthnInstant="${at(scene, -86_000)}" SessionIndex="${freshId("_")}"><saml2:AuthnContext><saml2:AuthnContextClassRef>${classes}:unspecified</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement></saml2:Assertion></saml2p:Response>`;
}

function onelogin(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, list: readonly string[]) =>
    `<saml:Attribute NameFormat="${nameFormat}:basic" Name="${name}">${values(list, "saml:AttributeValue", ` ${xsi} xsi:type="xs:string"`)}</saml:Attribute>`;
  return `<samlp:Response xmlns:saml="${saml}" xmlns:samlp="${samlp}" ID="${freshId("R")}" Version="2.0" IssueInstant="${at(scene, -1)}" Destination="${scene.acsUrl}" InResponseTo="${scene.requestId ?? ""}"><saml:Issuer>${scene.idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${success}"/></samlp:Status><saml:Assertion ${xs} ${xsi} xmlns:saml="${saml}" Version="2.0" ID="${freshId("A")}" IssueInstant="${at(scene, -1)}"><saml:Issuer>${scene.idpEntityId}</saml:Issuer><saml:Subject><saml:NameID Format="${format11}:emailAddress">${nameId}</saml:NameID>${confirmation(scene, "saml:", 180)}</saml:Subject><saml:Conditions NotBefore="${at(scene, -180)}" NotOnOrAfter="${at(scene, 180)}"><saml:AudienceRestriction><saml:Audience>${scene.spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(scene, -2)}" SessionNotOnOrAfter="${at(scene, 86_400)}" SessionIndex="${freshId("_")}"><saml:AuthnContext><saml:AuthnContextClassRef>${classes}:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("User.email", [email])}${attribute("memberOf", ["staff"])}${attribute("User.LastName", ["Dupont"])}${attribute("PersonImmutableID", [""])}${attribute("User.FirstName", ["Zoé"])}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
}

function ping(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, list: readonly string[]) =>
    `<saml:Attribute Name="${name}" NameFormat="${nameFormat}:basic">${values(list, "saml:AttributeValue", ` ${xs} ${xsi} xsi:type="xs:string"`)}</saml:Attribute>`;
  return `<samlp:Response xmlns:samlp="${samlp}" Version="2.0" ID="${freshId("ns")}" IssueInstant="${at(scene, -1)}" InResponseTo="${scene.requestId ?? ""}" Destination="${scene.acsUrl}"><saml:Issuer xmlns:saml="${saml}">${scene.idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${success}"/></samlp:Status><saml:Assertion xmlns:saml="${saml}" ID="${freshId("ns")}" IssueInstant="${at(scene, -1)}" Version="2.0"><saml:Issuer>${scene.idpEntityId}</saml:Issuer><saml:Subject><saml:NameID Format="${format20}:persistent">${nameId}</saml:NameID>${confirmation(scene, "saml:", 60)}</saml:Subject><saml:Conditions NotBefore="${at(scene, -60)}" NotOnOrAfter="${at(scene, 60)}"><saml:AudienceRestriction><saml:Audience>${scene.spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement SessionIndex="${freshId("ns")}" AuthnInstant="${at(scene, -5)}"><saml:AuthnContext><saml:AuthnContextClassRef>${classes}:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("saml_subject", [nameId])}${attribute("email", [email])}${attribute("given_name", ["Zoé"])}${attribute("family_name", ["Dupont"])}${attribute("memberOf", ["staff"])}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
}

function adfs(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, list: readonly string[]) =>
    `<Attribute Name="${name}">${values(list, "AttributeValue")}</Attribute>`;
  const id = freshId("_");
  return `<samlp:Response ID="${freshId("_")}" Version="2.0" IssueInstant="${at(scene, -1)}" Destination="${scene.acsUrl}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" InResponseTo="${scene.requestId ?? ""}" xmlns:samlp="${samlp}"><Issuer xmlns="${saml}">${scene.idpEntityId}</Issuer><samlp:Status><samlp:StatusCode Value="${success}" /></samlp:Status><Assertion ID="${id}" IssueInstant="${at(scene, -1)}" Version="2.0" xmlns="${saml}"><Issuer>${scene.idpEntityId}</Issuer><Subject><NameID Format="${format20}:persistent">${nameId}</NameID>${confirmation(scene, "", 300)}</Subject><Conditions NotBefore="${at(scene, 0)}" NotOnOrAfter="${at(scene, 3600)}"><AudienceRestriction><Audience>${scene.spEntityId}</Audience></AudienceRestriction></Conditions><AttributeStatement>${attribute(`${claims}/emailaddress`, [email])}${attribute(`${claims}/upn`, ["zdupont@acme.local"])}${attribute(`${claims}/givenname`, ["Zoé"])}${attribute(`${claims}/surname`, ["Dupont"])}${attribute("http://schemas.xmlsoap.org/claims/Group", ["Domain Users", "staff"])}</AttributeStatement><AuthnStatement AuthnInstant="${at(scene, -3)}" SessionIndex="${id}"><AuthnContext><AuthnContextClassRef>${classes}:PasswordProtectedTransport</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion></samlp:Response>`;
}

function keycloak(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, friendly: string, value: string) =>
    `<saml:Attribute${friendly ? ` FriendlyName="${friendly}"` : ""} Name="${name}" NameFormat="${nameFormat}:basic"><saml:AttributeValue ${xs} ${xsi} xsi:type="xs:string">${escape(value)}</saml:AttributeValue></saml:Attribute>`;
  return `<samlp:Response xmlns:samlp="${samlp}" xmlns:saml="${saml}" Destination="${scene.acsUrl}" ID="${freshId("ID_")}" InResponseTo="${scene.requestId ?? ""}" IssueInstant="${at(scene, -1)}" Version="2.0"><saml:Issuer>${scene.idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${success}"/></samlp:Status><saml:Assertion xmlns="${saml}" ID="${freshId("ID_")}" IssueInstant="${at(scene, -1)}" Version="2.0"><saml:Issuer>${scene.idpEntityId}</saml:Issuer><saml:Subject><saml:NameID Format="${format20}:persistent">${nameId}</saml:NameID>${confirmation(scene, "saml:", 298)}</saml:Subject><saml:Conditions NotBefore="${at(scene, -2)}" NotOnOrAfter="${at(scene, 58)}"><saml:AudienceRestriction><saml:Audience>${scene.spEntityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(scene, -1)}" SessionIndex="0b3c1a9e-1b4e-4f7e-8f4e-2d6f3e6a7b10::5f3b0a54-7c27-4a2f-9f2c-7f1c7d2a0b11" SessionNotOnOrAfter="${at(scene, 35_999)}"><saml:AuthnContext><saml:AuthnContextClassRef>${classes}:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("urn:oid:2.5.4.42", "givenName", "Zoé")}${attribute("urn:oid:2.5.4.4", "surname", "Dupont")}${attribute("urn:oid:1.2.840.113549.1.9.1", "email", email)}${attribute("member", "", "/staff")}${attribute("member", "", "/staff/paris")}${attribute("Role", "", "default-roles-acme")}${attribute("Role", "", "uma_authorization")}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
}

function shibboleth(scene: Scene, { email, nameId }: VendorPerson): string {
  const attribute = (name: string, friendly: string, list: readonly string[]) =>
    `\n      <saml2:Attribute FriendlyName="${friendly}" Name="${name}" NameFormat="${nameFormat}:uri">\n        ${values(list, "saml2:AttributeValue", ` ${xsi} xsi:type="xsd:string"`)}\n      </saml2:Attribute>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<saml2p:Response xmlns:saml2p="${samlp}" Destination="${scene.acsUrl}" ID="${freshId("_")}" InResponseTo="${scene.requestId ?? ""}" IssueInstant="${at(scene, -1)}" Version="2.0">
  <saml2:Issuer xmlns:saml2="${saml}">${scene.idpEntityId}</saml2:Issuer>
  <saml2p:Status>
    <saml2p:StatusCode Value="${success}"/>
  </saml2p:Status>
  <saml2:Assertion xmlns:saml2="${saml}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ID="${freshId("_")}" IssueInstant="${at(scene, -1)}" Version="2.0">
    <saml2:Issuer>${scene.idpEntityId}</saml2:Issuer>
    <saml2:Subject>
      <saml2:NameID Format="${format20}:persistent" NameQualifier="${scene.idpEntityId}" SPNameQualifier="${scene.spEntityId}">${nameId}</saml2:NameID>
      ${confirmation(scene, "saml2:", 300, ` Address="192.0.2.7"`)}
    </saml2:Subject>
    <saml2:Conditions NotBefore="${at(scene, -1)}" NotOnOrAfter="${at(scene, 300)}">
      <saml2:AudienceRestriction>
        <saml2:Audience>${scene.spEntityId}</saml2:Audience>
      </saml2:AudienceRestriction>
    </saml2:Conditions>
    <saml2:AuthnStatement AuthnInstant="${at(scene, -30)}" SessionIndex="${freshId("_")}">
      <saml2:SubjectLocality Address="192.0.2.7"/>
      <saml2:AuthnContext>
        <saml2:AuthnContextClassRef>${classes}:PasswordProtectedTransport</saml2:AuthnContextClassRef>
      </saml2:AuthnContext>
    </saml2:AuthnStatement>
    <saml2:AttributeStatement>${attribute("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "eduPersonAffiliation", ["member", "staff"])}${attribute("urn:oid:0.9.2342.19200300.100.1.3", "mail", [email])}${attribute("urn:oid:2.5.4.42", "givenName", ["Zoé"])}${attribute("urn:oid:2.5.4.4", "sn", ["Dupont"])}${attribute("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName", ["zdupont@acme.example"])}
    </saml2:AttributeStatement>
  </saml2:Assertion>
</saml2p:Response>`;
}

export const vendorShapes: Readonly<Record<MappingProfileName, VendorShape>> = {
  okta: { issuer: "http://www.okta.com/exk1fcia6d6EMsf331d8", signed: "both", prefixes: ["xs"], write: okta },
  entra: { issuer: "https://sts.windows.net/11111111-2222-3333-4444-555555555555/", signed: "assertion", write: entra },
  google: { issuer: "https://accounts.google.com/o/saml2?idpid=C01abc2de", signed: "assertion", write: google },
  onelogin: {
    issuer: "https://app.onelogin.com/saml/metadata/0b4d1a2c-1111-4222-8333-444455556666",
    signed: "assertion",
    write: onelogin,
  },
  ping: { issuer: "https://auth.pingone.eu/7a1b2c3d-1111-4222-8333-444455556666", signed: "assertion", write: ping },
  adfs: { issuer: "http://adfs.acme.example/adfs/services/trust", signed: "assertion", write: adfs },
  keycloak: { issuer: "https://login.acme.example/realms/acme", signed: "response", write: keycloak },
  shibboleth: { issuer: "https://idp.acme.example/idp/shibboleth", signed: "both", write: shibboleth },
};

/** A vendor's response, signed as that vendor signs, or as told. */
export function vendorResponse(scene: Scene, shape: VendorShape, person: VendorPerson, signed = shape.signed): string {
  const of = { ...scene, idpEntityId: shape.issuer };
  const how = shape.prefixes ? { prefixes: shape.prefixes } : {};
  let xml = shape.write(of, person);
  if (signed !== "response") xml = sign(of, xml, "Assertion", how);
  return signed === "assertion" ? xml : sign(of, xml, "Response", how);
}
