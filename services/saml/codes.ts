import { prescanCodes } from "../kernel/xml/prescan";

/**
 * Every reason for which this service provider turns a message away: a closed list, for audit entries, metrics and the
 * administrator's diagnostics. What the public page says is coarser (errors.ts), because a precise answer to an
 * anonymous sender is an oracle (SAML-99).
 */
export const samlCodes = [
  // transport
  "form_invalid",
  "response_missing",
  "response_repeated",
  "message_too_large",
  "base64_invalid",
  "utf8_invalid",
  "inflate_failed",
  "query_ambiguous",
  // before the parser
  ...prescanCodes,
  // structure
  "message_unexpected",
  "assertion_missing",
  "assertion_repeated",
  "assertion_misplaced",
  "signature_misplaced",
  "signature_repeated",
  "signature_shape",
  "id_missing",
  "id_repeated",
  "id_ambiguous",
  "namespace_foreign",
  "extensions_content",
  // signature
  "signature_missing",
  "signature_reference",
  "signature_transform",
  "signature_canonicalization",
  "signature_prefix_list",
  "signature_algorithm",
  "digest_algorithm",
  "certificate_missing",
  "certificate_expired",
  "certificate_weak",
  "signature_invalid",
  // encryption
  "encryption_required",
  "encryption_algorithm",
  "encryption_shape",
  "decryption_failed",
  // profile
  "version_unsupported",
  "status_not_success",
  "issuer_mismatch",
  "response_issuer_mismatch",
  "destination_missing",
  "destination_mismatch",
  "time_invalid",
  "issued_in_future",
  "issued_too_long_ago",
  "conditions_missing",
  "conditions_repeated",
  "conditions_unlimited",
  "condition_unknown",
  "not_yet_valid",
  "expired",
  "audience_missing",
  "audience_mismatch",
  "subject_missing",
  "confirmation_missing",
  "confirmation_incomplete",
  "confirmation_not_yet_valid",
  "confirmation_expired",
  "recipient_mismatch",
  "in_response_to_missing",
  "in_response_to_mismatch",
  "unsolicited",
  "unsolicited_too_old",
  "authn_statement_missing",
  "authn_in_future",
  "authn_too_long_ago",
  "authn_context_not_allowed",
  "session_expired",
  "name_id_missing",
  "name_id_repeated",
  "name_id_invalid",
  "name_id_transient",
  "attribute_invalid",
  "attributes_too_many",
  "attribute_repeated",
  // single logout
  "logout_expired",
  "logout_unknown",
  // what the database knows
  "request_unknown",
  "request_expired",
  "request_used",
  "request_burnt",
  "replayed",
  "outcome_unknown",
  "browser_mismatch",
  "trust_changed",
  // who may come in
  "email_missing",
  "provisioning_off",
  "member_unknown",
  "identity_blocked",
  "break_glass_not_linked",
  "link_needs_member",
  "link_needs_administrator",
  "link_rejected",
  "link_void",
  "link_letters_spent",
  // the machine
  "timed_out",
] as const;

export type SamlCode = (typeof samlCodes)[number];

/** What a check saw, for the administrator only: both values, so that nobody has to guess (SAML-96). */
export interface Finding {
  readonly expected?: string;
  readonly received?: string;
}

/** One refusal with what was expected and what came. */
export interface Refusal extends Finding {
  readonly code: SamlCode;
}

/**
 * One thing that must hold, under the requirement that demands it. Rules are data so that the report of a test run
 * can show every one of them, and so that the mutation job can leave each out in turn.
 */
export interface Rule<Subject> {
  readonly code: SamlCode;
  readonly by: string;
  /** What is wrong; nothing where the rule holds. */
  readonly broken: (subject: Subject) => Finding | undefined;
}

/** The first rule that does not hold. */
export function firstBroken<Subject>(rules: readonly Rule<Subject>[], subject: Subject): Refusal | undefined {
  for (const rule of rules) {
    const finding = rule.broken(subject);
    if (finding) return { code: rule.code, ...finding };
  }
  return undefined;
}

/** Thrown where a refusal has to leave through several frames; caught by the verifier's front door only. */
export class SamlRefused extends Error {
  override readonly name = "SamlRefused";

  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}
