import type { NameIdFact } from "../../domain/identity";
import { minuteMs, plusMs } from "../../kernel/clock";
import { is, parseXml, XmlError } from "../../kernel/xml/dom";
import { ns } from "../../kernel/xml/namespaces";
import { prescan } from "../../kernel/xml/prescan";
import { statusSuccess } from "../checks-message";
import { nameIdKey } from "../checks-subject";
import { firstBroken, SamlRefused, type Refusal, type Rule } from "../codes";
import { decodeMessage } from "../decode";
import { decrypt } from "../decrypt";
import { readNameId, type ReadNameId } from "../read";
import { readSignature, signatureRules, verifySignature, type SignatureQuestion } from "../signature";
import { signatureOf, structureRefusal, structureRules, survey, type RootKind, type Survey } from "../structure";
import { readTime } from "../time";
import type { Trust } from "../trust";
import { readSignedQuery } from "./query";
import { readLogout, type ReadLogout } from "./read";
import { logoutRules, type LogoutQuestion } from "./rules";

/** A logout message as it came. */
export type LogoutArrival =
  | { readonly binding: "REDIRECT"; readonly rawQuery: string }
  | {
      readonly binding: "POST";
      readonly parameter: "SAMLRequest" | "SAMLResponse";
      readonly field: string;
      readonly relayState: string | null;
    };

/** What the identity provider has proved that it says. */
export type LogoutFacts =
  | {
      readonly kind: "request";
      readonly id: string;
      readonly nameId: NameIdFact;
      /** None: all sessions of that name. */
      readonly sessionIndexes: readonly string[];
      readonly replayableUntil: Date;
      readonly relayState: string | null;
    }
  | {
      readonly kind: "response";
      readonly id: string;
      readonly inResponseTo: string;
      /** Whether every participant was signed out; anything else is told honestly (SAML-90). */
      readonly complete: boolean;
      readonly status: readonly string[];
    };

export type LogoutVerdict =
  { readonly ok: true; readonly facts: LogoutFacts } | { readonly ok: false; readonly refusal: Refusal };

export interface LogoutTrust {
  readonly trust: Trust;
  /** Our own logout address of the connection. */
  readonly sloUrl: string;
}

/** The rules of this verifier; the mutation job tears them out one by one. */
export interface LogoutBook {
  readonly structure: readonly Rule<Survey>[];
  readonly signature: readonly Rule<SignatureQuestion>[];
  readonly logout: readonly Rule<LogoutQuestion>[];
}

export const logoutBook: LogoutBook = { structure: structureRules, signature: signatureRules, logout: logoutRules };

/**
 * Whether a logout message is the identity provider's, meant for this connection and fresh. Own code throughout: the
 * library takes unsigned redirects, MD5, confused parameters, and reads the name from octets that nobody signed
 * (SAML-A70 … A76). There is no option to accept an unsigned one.
 */
export function verifyLogout(
  arrival: LogoutArrival,
  { trust, sloUrl }: LogoutTrust,
  now: Date,
  book: LogoutBook = logoutBook,
): LogoutVerdict {
  try {
    const { root, relayState } = prove(arrival, trust, now, book);
    const message = readLogout(root);
    demand(firstBroken(book.logout, { message, trust, sloUrl, now }));
    return { ok: true, facts: factsOf(message, trust, relayState, now) };
  } catch (error) {
    if (error instanceof SamlRefused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function refuse(refusal: Refusal): never {
  throw new SamlRefused(refusal);
}

function demand(refusal: Refusal | undefined): void {
  if (refusal) refuse(refusal);
}

/** The root element, read from octets under a signature and from nothing else (SAML-93). */
function prove(arrival: LogoutArrival, trust: Trust, now: Date, book: LogoutBook) {
  if (arrival.binding === "REDIRECT") {
    const { refusal, ...read } = readSignedQuery(arrival.rawQuery, trust, now);
    if (refusal || !("message" in read)) return refuse(refusal ?? { code: "query_ambiguous" });
    const root = parse(read.message.xml);
    demand(structureRefusal(survey(rootOf(read.message.kind), root), book.structure));
    return { root, relayState: read.message.relayState };
  }
  const decoded = decodeMessage(arrival.field);
  if (!decoded.ok) return refuse({ code: decoded.code });
  const claimed = parse(decoded.xml);
  const kind = rootOf(arrival.parameter);
  demand(structureRefusal(survey(kind, claimed), book.structure));
  const signature = signatureOf(claimed) ?? refuse({ code: "signature_missing" });
  const question = { parts: readSignature(signature, claimed), trust, now };
  demand(firstBroken(book.signature, question));
  const outcome = verifySignature(decoded.xml, question);
  const root = parse(outcome.refusal ? refuse(outcome.refusal) : outcome.proven.xml);
  demand(structureRefusal(survey(kind, root), book.structure));
  return { root, relayState: arrival.relayState };
}

function rootOf(parameter: "SAMLRequest" | "SAMLResponse"): RootKind {
  return parameter === "SAMLRequest" ? "LogoutRequest" : "LogoutResponse";
}

function parse(xml: string): Element {
  const code = prescan(xml);
  if (code) refuse({ code });
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) refuse({ code: "xml_not_well_formed" });
    throw error;
  }
}

function factsOf(message: ReadLogout, trust: Trust, relayState: string | null, now: Date): LogoutFacts {
  const id = message.id ?? refuse({ code: "id_missing" });
  if (message.kind === "LogoutResponse") {
    const { inResponseTo = "", status } = message;
    const complete = status[0] === statusSuccess && status.length === 1;
    return { kind: "response", id, inResponseTo, complete, status };
  }
  const [encrypted] = message.encryptedIds;
  const nameId = encrypted ? openName(encrypted, trust) : message.nameIds[0];
  const value = nameId && nameIdKey(nameId);
  if (!nameId || !value) return refuse({ code: "name_id_invalid" });
  const end = message.notOnOrAfter === undefined ? undefined : readTime(message.notOnOrAfter);
  return {
    kind: "request",
    id,
    nameId: {
      value,
      format: nameId.format ?? null,
      nameQualifier: nameId.nameQualifier ?? null,
      spNameQualifier: nameId.spNameQualifier ?? null,
    },
    sessionIndexes: message.sessionIndexes.flatMap((index) => index ?? []),
    // As long as its age would be accepted, and its own end where that is later.
    replayableUntil: [plusMs(now, 15 * minuteMs), end ?? now].reduce((last, one) => (one > last ? one : last)),
    relayState,
  };
}

// The message around it is signed and verified, so a malleable cipher does no harm here (SAML-36).
function openName(encrypted: Element, trust: Trust): ReadNameId {
  const opened = decrypt(encrypted, { keys: trust.decryptionKeys, cbcAllowed: true });
  const element = parse(opened.refusal ? refuse(opened.refusal) : opened.xml);
  return is(element, ns.saml, "NameID") ? readNameId(element) : refuse({ code: "name_id_invalid" });
}
