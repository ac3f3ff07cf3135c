import { errorCodes, type ErrorCode } from "../../kernel/errors";

/** The closed list of codes that stand in `errors[].extensions.code` (GQL-15). */
export const topLevelCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_USER_INPUT",
  "CONFLICT",
  "RATE_LIMITED",
  "OPERATION_TOO_COMPLEX",
  "DOCUMENT_NOT_ALLOWED",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "UNAVAILABLE",
  "INTERNAL",
] as const;
export type TopLevelCode = (typeof topLevelCodes)[number];

/** `person`: what somebody can correct stands in `userErrors` of a mutation. `caller`: always a top-level error. */
type Addressee = "person" | "caller";

interface Saying {
  readonly code: TopLevelCode;
  readonly to: Addressee;
}

/** How this door says each refusal of the domain; total, so that a new code does not compile until it stands here. */
export const sayings: Readonly<Record<ErrorCode, Saying>> = {
  unauthenticated: { code: "UNAUTHENTICATED", to: "caller" },
  forbidden: { code: "FORBIDDEN", to: "caller" },
  not_found: { code: "NOT_FOUND", to: "person" },
  invalid: { code: "BAD_USER_INPUT", to: "person" },
  conflict: { code: "CONFLICT", to: "person" },
  duplicate: { code: "CONFLICT", to: "person" },
  stale_version: { code: "CONFLICT", to: "person" },
  idempotency_key_reused: { code: "CONFLICT", to: "person" },
  rate_limited: { code: "RATE_LIMITED", to: "caller" },
  too_large: { code: "BAD_USER_INPUT", to: "person" },
  unavailable: { code: "UNAVAILABLE", to: "caller" },
  internal: { code: "INTERNAL", to: "caller" },
  organization_suspended: { code: "FORBIDDEN", to: "person" },
  entitlement_required: { code: "FORBIDDEN", to: "person" },
  sso_required_first: { code: "CONFLICT", to: "person" },
  last_owner: { code: "CONFLICT", to: "person" },
  seats_exhausted: { code: "CONFLICT", to: "person" },
  seats_in_use: { code: "CONFLICT", to: "person" },
  free_member_limit_reached: { code: "CONFLICT", to: "person" },
  service_already_assigned: { code: "CONFLICT", to: "person" },
  option_not_available: { code: "CONFLICT", to: "person" },
  right_not_granted: { code: "FORBIDDEN", to: "person" },
  prepaid_decrease_at_renewal_only: { code: "CONFLICT", to: "person" },
  nothing_scheduled: { code: "CONFLICT", to: "person" },
  quote_expired: { code: "CONFLICT", to: "person" },
  already_member: { code: "CONFLICT", to: "person" },
  member_not_active: { code: "CONFLICT", to: "person" },
  member_deactivated: { code: "CONFLICT", to: "person" },
  invitation_not_pending: { code: "CONFLICT", to: "person" },
  invalid_token: { code: "BAD_USER_INPUT", to: "person" },
  resend_limit_reached: { code: "CONFLICT", to: "person" },
  managed_by_identity_provider: { code: "CONFLICT", to: "person" },
  mass_deprovision_guard: { code: "FORBIDDEN", to: "person" },
  field_locked: { code: "CONFLICT", to: "person" },
  stale_revision: { code: "CONFLICT", to: "person" },
  connection_inactive: { code: "CONFLICT", to: "person" },
  email_domain_not_owned: { code: "CONFLICT", to: "person" },
  sso_refused: { code: "CONFLICT", to: "person" },
};

/** The codes of `userErrors`: the domain's own, in upper case (ruling a14). */
export const userErrorCodes = errorCodes.filter((code) => sayings[code].to === "person");

/** `seats_exhausted` → `SEATS_EXHAUSTED`. */
export function shownCode(code: ErrorCode): string {
  return code.toUpperCase();
}
