import { readEmail } from "../../kernel/email";
import type { TestEvidence } from "./test-evidence";

/** What the administrator can do about a failed sign-in (SAML-97). The text is in hint-words.ts, in both languages. */
export interface Hint {
  readonly code: HintCode;
  readonly facts: Readonly<Record<string, string>>;
}

export const hintCodes = [
  "audience_slash",
  "audience_case",
  "audience_scheme",
  "audience_other",
  "audience_absent",
  "recipient_wrong",
  "destination_wrong",
  "destination_absent",
  "certificate_unknown",
  "certificate_expired",
  "certificate_weak",
  "sha1",
  "inclusive_c14n",
  "sign_assertion",
  "sign_response",
  "sign_either",
  "encryption_no_key",
  "encryption_wrong_key",
  "encryption_weak",
  "clock_ahead",
  "clock_behind",
  "name_id_absent",
  "name_id_transient",
  "name_id_format",
  "email_absent",
  "status_authn_context",
  "status_name_id_policy",
  "status_denied",
  "status_responder",
  "status_requester",
  "unsolicited",
  "replayed",
  "domain_not_verified",
  "seats_full",
  "member_deactivated",
  "member_unknown",
  "provisioning_off",
  "issuer_changed",
  "group_overage",
] as const;
export type HintCode = (typeof hintCodes)[number];

/** What a hint looks at besides the evidence. */
export interface HintContext {
  readonly hasDecryptionKey: boolean;
  /** How the sign-in would end in the domain: a refusal's code, or nothing. */
  readonly outcome: string | null;
  readonly emailFound: boolean;
}

type Finder = (evidence: TestEvidence, context: HintContext) => Hint | undefined;

const hint = (code: HintCode, facts: Readonly<Record<string, string | undefined>> = {}): Hint => ({
  code,
  facts: Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
});
const failed = ({ checks, refusal }: TestEvidence, code: string) =>
  refusal?.code === code ? refusal : checks.find((line) => line.code === code && line.result === "fail");
const on =
  (
    code: string,
    make: (line: { expected?: string; received?: string }, e: TestEvidence, c: HintContext) => Hint,
  ): Finder =>
  (evidence, context) => {
    const line = failed(evidence, code);
    return line && make(line, evidence, context);
  };
const status = (evidence: TestEvidence, name: string) => evidence.status.some((code) => code.endsWith(`:${name}`));
const overage = "http://schemas.microsoft.com/claims/groups.link";
const ours = (line: { expected?: string; received?: string }) => ({ expected: line.expected, received: line.received });

/** One line per hint: when it applies and what it names. */
const finders: readonly Finder[] = [
  on("audience_mismatch", (line) => hint(audienceDifference(line.expected ?? "", line.received ?? ""), ours(line))),
  on("audience_missing", (line) => hint("audience_absent", ours(line))),
  on("recipient_mismatch", (line) => hint("recipient_wrong", ours(line))),
  on("destination_mismatch", (line) => hint("destination_wrong", ours(line))),
  on("destination_missing", (line) => hint("destination_absent", ours(line))),
  on("signature_invalid", (_line, { shownCertificate: shown }) =>
    hint("certificate_unknown", { sha256: shown?.sha256, subject: shown?.subject, validTo: shown?.validTo }),
  ),
  on("certificate_expired", () => hint("certificate_expired")),
  on("certificate_weak", () => hint("certificate_weak")),
  (evidence) => {
    const line = [failed(evidence, "signature_algorithm"), failed(evidence, "digest_algorithm")].find((one) =>
      one?.received?.includes("sha1"),
    );
    return line && hint("sha1", ours(line));
  },
  on("signature_transform", (line) => hint("inclusive_c14n", ours(line))),
  on("signature_canonicalization", (line) => hint("inclusive_c14n", ours(line))),
  on("signature_missing", (line, { signatures }) => {
    if (signatures.length === 0) return hint("sign_either");
    return hint(line.expected === "Response" ? "sign_response" : "sign_assertion");
  }),
  on("decryption_failed", (_line, _evidence, { hasDecryptionKey }) =>
    hint(hasDecryptionKey ? "encryption_wrong_key" : "encryption_no_key"),
  ),
  on("encryption_algorithm", (line) => hint("encryption_weak", ours(line))),
  clock,
  on("name_id_missing", () => hint("name_id_absent")),
  on("status_not_success", (line, evidence) => {
    if (status(evidence, "NoAuthnContext")) return hint("status_authn_context", ours(line));
    if (status(evidence, "InvalidNameIDPolicy")) return hint("status_name_id_policy", ours(line));
    if (status(evidence, "RequestDenied") || status(evidence, "AuthnFailed")) return hint("status_denied", ours(line));
    return hint(status(evidence, "Requester") ? "status_requester" : "status_responder", ours(line));
  }),
  on("unsolicited", () => hint("unsolicited")),
  on("issuer_mismatch", (line) => hint("issuer_changed", ours(line))),
  on("response_issuer_mismatch", (line) => hint("issuer_changed", ours(line))),
  ({ facts }, { outcome }) =>
    facts?.warnings.includes("name_id_transient") && outcome === "name_id_transient"
      ? hint("name_id_transient")
      : undefined,
  ({ facts }, { outcome }) => (facts && outcome === "name_id_missing" ? hint("name_id_format") : undefined),
  ({ facts }, { emailFound, outcome }) => {
    if (!facts || emailFound || (outcome !== null && outcome !== "email_missing")) return undefined;
    const names = facts.attributes.map((attribute) => attribute.name);
    const likely = facts.attributes.find((attribute) =>
      attribute.values.some((value) => readEmail(value) !== undefined),
    );
    return hint("email_absent", { received: names.join(", ") || "–", likely: likely?.name });
  },
  ({ facts }) => (facts?.attributes.some(({ name }) => name === overage) ? hint("group_overage") : undefined),
  (_evidence, { outcome }) => {
    const code = outcome === null ? undefined : outcomes[outcome];
    return code && hint(code);
  },
];

const outcomes: Readonly<Record<string, HintCode>> = {
  email_domain_not_owned: "domain_not_verified",
  seats_exhausted: "seats_full",
  free_member_limit_reached: "seats_full",
  member_deactivated: "member_deactivated",
  identity_blocked: "member_deactivated",
  member_unknown: "member_unknown",
  provisioning_off: "provisioning_off",
  replayed: "replayed",
};

/** Everything that applies, the decisive one first. */
export function hintsFor(evidence: TestEvidence, context: HintContext): Hint[] {
  return finders.map((find) => find(evidence, context)).filter((found) => found !== undefined);
}

function audienceDifference(expected: string, received: string): HintCode {
  const plain = (text: string) => text.replace(/(?<!\/)\/+$/, "");
  if (plain(expected) === plain(received)) return "audience_slash";
  if (expected.toLowerCase() === received.toLowerCase()) return "audience_case";
  const host = (text: string) => plain(text.replace(/^https?:\/\//i, ""));
  return host(expected) === host(received) ? "audience_scheme" : "audience_other";
}

const timely = ["issued_in_future", "not_yet_valid", "confirmation_not_yet_valid", "authn_in_future"];
const late = ["issued_too_long_ago", "expired", "confirmation_expired"];

function clock(evidence: TestEvidence): Hint | undefined {
  const seconds = evidence.clockOffsetSeconds ?? 0;
  const facts = { seconds: String(Math.abs(seconds)) };
  if (timely.some((code) => failed(evidence, code)) && seconds > 0) return hint("clock_ahead", facts);
  if (late.some((code) => failed(evidence, code)) && seconds < -30) return hint("clock_behind", facts);
  return undefined;
}

/**
 * What an error that the identity provider itself shows means: we never see those (SAML-97). Nothing for texts that
 * hold no code we know.
 */
export function explainIdpError(text: string): IdpErrorCode | undefined {
  return idpErrors.find(([pattern]) => pattern.test(text))?.[1];
}

const idpErrors = [
  [/AADSTS700016/, "aadsts700016"],
  [/AADSTS50011/, "aadsts50011"],
  [/AADSTS75011/, "aadsts75011"],
  [/AADSTS50105/, "aadsts50105"],
  [/AADSTS650056/, "aadsts650056"],
  [/app_not_configured_for_user/, "google_not_configured"],
  [/app_not_enabled_for_user/, "google_not_enabled"],
  [/app_not_configured\b/, "google_app_unknown"],
] as const;
export type IdpErrorCode = (typeof idpErrors)[number][1];
