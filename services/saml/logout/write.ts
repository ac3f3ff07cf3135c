import type { NameIdFact } from "../../domain/identity";
import { minuteMs, plusMs } from "../../kernel/clock";
import { escapeXml } from "../../kernel/xml/escape";
import { ns } from "../../kernel/xml/namespaces";
import { statusSuccess } from "../checks-message";
import { writeTime } from "../time";

interface Outgoing {
  readonly id: string;
  readonly issuedAt: Date;
  readonly destination: string;
  readonly issuer: string;
}

const head = (element: string, m: Outgoing, more: readonly (readonly [string, string])[]): string => {
  const attributes = [
    ["ID", m.id],
    ["Version", "2.0"],
    ["IssueInstant", writeTime(m.issuedAt)],
    ["Destination", m.destination],
    ...more,
  ].map(([name = "", value = ""]) => ` ${name}="${escapeXml(value)}"`);
  const namespaces = `xmlns:samlp="${ns.samlp}" xmlns:saml="${ns.saml}"`;
  return `<samlp:${element} ${namespaces}${attributes.join("")}><saml:Issuer>${escapeXml(m.issuer)}</saml:Issuer>`;
};

/** A logout request with the name exactly as the identity provider gave it, qualifiers included (SAML-90). */
export function writeLogoutRequest(m: Outgoing & { nameId: NameIdFact; sessionIndex: string | null }): string {
  const { nameId } = m;
  const qualifiers = [
    ["NameQualifier", nameId.nameQualifier],
    ["SPNameQualifier", nameId.spNameQualifier],
    ["Format", nameId.format],
  ].flatMap(([name, value]) => (value ? [` ${name ?? ""}="${escapeXml(value)}"`] : []));
  const index = m.sessionIndex === null ? "" : `<samlp:SessionIndex>${escapeXml(m.sessionIndex)}</samlp:SessionIndex>`;
  return (
    head("LogoutRequest", m, [["NotOnOrAfter", writeTime(plusMs(m.issuedAt, 5 * minuteMs))]]) +
    `<saml:NameID${qualifiers.join("")}>${escapeXml(nameId.value)}</saml:NameID>${index}</samlp:LogoutRequest>`
  );
}

/** The answer to a logout request: always success, because our sessions of that name have ended. */
export function writeLogoutResponse(m: Outgoing & { inResponseTo: string }): string {
  return (
    head("LogoutResponse", m, [["InResponseTo", m.inResponseTo]]) +
    `<samlp:Status><samlp:StatusCode Value="${statusSuccess}"/></samlp:Status></samlp:LogoutResponse>`
  );
}
