import { PlenumError } from "../../kernel/errors";

/** Why a sign-in that the identity provider vouched for goes no further; the SAML door has a page for each. */
export type SsoReason =
  | "request_unknown"
  | "request_expired"
  | "request_used"
  | "request_burnt"
  | "replayed"
  | "authn_too_long_ago"
  | "outcome_unknown"
  | "browser_mismatch"
  | "trust_changed"
  | "name_id_transient"
  | "name_id_missing"
  | "attribute_repeated"
  | "email_missing"
  | "provisioning_off"
  | "member_unknown"
  | "identity_blocked"
  | "break_glass_not_linked"
  | "link_needs_member"
  | "link_needs_administrator"
  | "link_rejected"
  | "link_void"
  | "link_letters_spent";

/** The refusal of a sign-in, with its reason as a fact. */
export function ssoRefused(reason: SsoReason, message: string, more = {}): PlenumError {
  return new PlenumError("sso_refused", message, { reason, ...more });
}
