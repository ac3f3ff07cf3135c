import { attribute, children, childrenNamed, is, onlyChild, textOf } from "../kernel/xml/dom";
import { ns } from "../kernel/xml/namespaces";

// This file only reads: nothing here judges. What is absent is undefined, what has child elements where text belongs
// is undefined too, and the rules in checks.ts decide what that means.

export interface ReadIssuer {
  readonly value: string | undefined;
  readonly format: string | undefined;
}

export interface ReadResponse {
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly issueInstant: string | undefined;
  readonly destination: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly issuer: ReadIssuer | undefined;
  /** The top-level status code first, then the sub-codes as they nest. */
  readonly status: readonly string[];
  readonly statusMessage: string | undefined;
}

export interface ReadNameId {
  readonly value: string | undefined;
  readonly format: string | undefined;
  readonly nameQualifier: string | undefined;
  readonly spNameQualifier: string | undefined;
}

export interface ReadConfirmation {
  readonly method: string | undefined;
  readonly hasData: boolean;
  readonly recipient: string | undefined;
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
  readonly inResponseTo: string | undefined;
}

export interface ReadConditions {
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
  /** One list of audiences per AudienceRestriction. */
  readonly audiences: readonly (readonly (string | undefined)[])[];
  readonly oneTimeUse: boolean;
  readonly proxyRestricted: boolean;
  /** Conditions that nobody here understands. */
  readonly unknown: readonly string[];
}

export interface ReadAuthnStatement {
  readonly authnInstant: string | undefined;
  readonly sessionIndex: string | undefined;
  readonly sessionNotOnOrAfter: string | undefined;
  readonly context: string | undefined;
}

export interface ReadAttribute {
  readonly name: string | undefined;
  readonly friendlyName: string | undefined;
  readonly values: readonly (string | undefined)[];
}

export interface ReadAssertion {
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly issueInstant: string | undefined;
  readonly issuer: ReadIssuer | undefined;
  readonly subjects: number;
  /** Everything in the Subject that claims to name somebody. */
  readonly nameIds: readonly ReadNameId[];
  readonly confirmations: readonly ReadConfirmation[];
  readonly conditions: readonly ReadConditions[];
  readonly authnStatements: readonly ReadAuthnStatement[];
  readonly attributes: readonly ReadAttribute[];
}

/** The fields of a Response itself. */
export function readResponse(root: Element): ReadResponse {
  const status = onlyChild(root, ns.samlp, "Status");
  const message = status && onlyChild(status, ns.samlp, "StatusMessage");
  return {
    id: attribute(root, "ID"),
    version: attribute(root, "Version"),
    issueInstant: attribute(root, "IssueInstant"),
    destination: attribute(root, "Destination"),
    inResponseTo: attribute(root, "InResponseTo"),
    issuer: readIssuer(root),
    status: status ? statusCodes(status) : [],
    statusMessage: message && textOf(message)?.slice(0, 500),
  };
}

function statusCodes(parent: Element): string[] {
  const code = onlyChild(parent, ns.samlp, "StatusCode");
  return code ? [attribute(code, "Value") ?? "", ...statusCodes(code)] : [];
}

/** The Issuer of a message or assertion; two of them count as one that says nothing. */
export function readIssuer(parent: Element): ReadIssuer | undefined {
  const issuers = childrenNamed(parent, ns.saml, "Issuer");
  const [issuer] = issuers;
  if (!issuer) return undefined;
  return { value: issuers.length === 1 ? textOf(issuer) : undefined, format: attribute(issuer, "Format") };
}

/** The fields of an assertion. */
export function readAssertion(root: Element): ReadAssertion {
  const subjects = childrenNamed(root, ns.saml, "Subject");
  const inSubject = subjects.flatMap((subject) => children(subject));
  const statements = childrenNamed(root, ns.saml, "AttributeStatement");
  return {
    id: attribute(root, "ID"),
    version: attribute(root, "Version"),
    issueInstant: attribute(root, "IssueInstant"),
    issuer: readIssuer(root),
    subjects: subjects.length,
    nameIds: inSubject
      .filter((e) => ["NameID", "BaseID", "EncryptedID"].some((local) => is(e, ns.saml, local)))
      .map(readNameId),
    confirmations: inSubject.filter((e) => is(e, ns.saml, "SubjectConfirmation")).map(readConfirmation),
    conditions: childrenNamed(root, ns.saml, "Conditions").map(readConditions),
    authnStatements: childrenNamed(root, ns.saml, "AuthnStatement").map(readAuthnStatement),
    attributes: statements.flatMap((statement) => children(statement)).map(readAttribute),
  };
}

/** A name identifier with the qualifiers that logout must repeat exactly. */
export function readNameId(element: Element): ReadNameId {
  return {
    value: is(element, ns.saml, "NameID") ? textOf(element) : undefined,
    format: attribute(element, "Format"),
    nameQualifier: attribute(element, "NameQualifier"),
    spNameQualifier: attribute(element, "SPNameQualifier"),
  };
}

function readConfirmation(element: Element): ReadConfirmation {
  const data = onlyChild(element, ns.saml, "SubjectConfirmationData");
  const of = (name: string) => data && attribute(data, name);
  return {
    method: attribute(element, "Method"),
    hasData: data !== undefined,
    recipient: of("Recipient"),
    notBefore: of("NotBefore"),
    notOnOrAfter: of("NotOnOrAfter"),
    inResponseTo: of("InResponseTo"),
  };
}

const knownConditions: readonly string[] = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];

function readConditions(element: Element): ReadConditions {
  const parts = children(element);
  const isKnown = (part: Element) => knownConditions.some((local) => is(part, ns.saml, local));
  return {
    notBefore: attribute(element, "NotBefore"),
    notOnOrAfter: attribute(element, "NotOnOrAfter"),
    audiences: childrenNamed(element, ns.saml, "AudienceRestriction").map((restriction) =>
      childrenNamed(restriction, ns.saml, "Audience").map(textOf),
    ),
    oneTimeUse: childrenNamed(element, ns.saml, "OneTimeUse").length > 0,
    proxyRestricted: childrenNamed(element, ns.saml, "ProxyRestriction").length > 0,
    unknown: parts.filter((part) => !isKnown(part)).map((part) => part.localName.slice(0, 80)),
  };
}

function readAuthnStatement(element: Element): ReadAuthnStatement {
  const context = onlyChild(element, ns.saml, "AuthnContext");
  const reference = context && onlyChild(context, ns.saml, "AuthnContextClassRef");
  return {
    authnInstant: attribute(element, "AuthnInstant"),
    sessionIndex: attribute(element, "SessionIndex"),
    sessionNotOnOrAfter: attribute(element, "SessionNotOnOrAfter"),
    context: reference && textOf(reference)?.trim(),
  };
}

function readAttribute(element: Element): ReadAttribute {
  const isAttribute = is(element, ns.saml, "Attribute");
  return {
    name: isAttribute ? attribute(element, "Name") : undefined,
    friendlyName: attribute(element, "FriendlyName"),
    values: childrenNamed(element, ns.saml, "AttributeValue").map(readValue),
  };
}

// eduPersonTargetedID carries its value as a NameID element; everything else with elements inside is unreadable.
function readValue(element: Element): string | undefined {
  const nameId = onlyChild(element, ns.saml, "NameID");
  return nameId && children(element).length === 1 ? textOf(nameId) : textOf(element);
}
