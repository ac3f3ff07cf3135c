import type { SamlCode } from "./codes";

/** What a page says. Many codes share one page: the code beside the text is for the administrator. */
export type PageClass =
  | "malformed"
  | "tooLarge"
  | "rejected"
  | "provider"
  | "again"
  | "noAccess"
  | "noSeat"
  | "switchedOff"
  | "letters"
  | "busy";

const codes = {
  malformed: [
    "form_invalid",
    "response_missing",
    "response_repeated",
    "base64_invalid",
    "utf8_invalid",
    "inflate_failed",
    "query_ambiguous",
    "xml_doctype",
    "xml_comment",
    "xml_cdata",
    "xml_processing_instruction",
    "xml_declaration",
    "xml_encoding",
    "xml_entity",
    "xml_too_many_elements",
    "xml_too_deep",
    "xml_too_many_attributes",
    "xml_too_many_namespaces",
    "xml_namespace_relative",
    "xml_text_too_long",
    "xml_attribute_too_long",
    "xml_content_outside_root",
    "xml_not_well_formed",
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
  ],
  tooLarge: ["message_too_large", "xml_too_large"],
  rejected: [
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
    "encryption_required",
    "encryption_algorithm",
    "encryption_shape",
    "decryption_failed",
    "version_unsupported",
    "issuer_mismatch",
    "response_issuer_mismatch",
    "destination_missing",
    "destination_mismatch",
    "time_invalid",
    "issued_in_future",
    "conditions_missing",
    "conditions_repeated",
    "conditions_unlimited",
    "condition_unknown",
    "not_yet_valid",
    "audience_missing",
    "audience_mismatch",
    "subject_missing",
    "confirmation_missing",
    "confirmation_incomplete",
    "confirmation_not_yet_valid",
    "recipient_mismatch",
    "in_response_to_missing",
    "in_response_to_mismatch",
    "authn_statement_missing",
    "authn_in_future",
    "authn_context_not_allowed",
    "name_id_missing",
    "name_id_repeated",
    "name_id_invalid",
    "name_id_transient",
    "attribute_invalid",
    "attributes_too_many",
    "attribute_repeated",
    "logout_expired",
    "logout_unknown",
    "email_missing",
  ],
  provider: ["status_not_success"],
  again: [
    "issued_too_long_ago",
    "expired",
    "confirmation_expired",
    "unsolicited",
    "unsolicited_too_old",
    "authn_too_long_ago",
    "session_expired",
    "request_unknown",
    "request_expired",
    "request_used",
    "request_burnt",
    "replayed",
    "outcome_unknown",
    "browser_mismatch",
    "trust_changed",
    "link_void",
  ],
  noAccess: [
    "provisioning_off",
    "member_unknown",
    "identity_blocked",
    "break_glass_not_linked",
    "link_needs_member",
    "link_needs_administrator",
    "link_rejected",
  ],
  noSeat: [],
  switchedOff: [],
  letters: ["link_letters_spent"],
  busy: ["timed_out"],
} as const satisfies Readonly<Record<PageClass, readonly SamlCode[]>>;

function invert<Groups extends Readonly<Record<PageClass, readonly string[]>>>(
  groups: Groups,
): Record<Groups[PageClass][number], PageClass> {
  const pairs = Object.entries(groups).flatMap(([page, list]) => list.map((code) => [code, page]));
  return Object.fromEntries(pairs) as Record<Groups[PageClass][number], PageClass>;
}

// Does not compile while a code has no page.
const classes: Readonly<Record<SamlCode, PageClass>> = invert(codes);

/** The page for a code of the closed list; nothing for other words. */
export function classOfCode(code: string): PageClass | undefined {
  return Object.hasOwn(classes, code) ? classes[code as SamlCode] : undefined;
}
