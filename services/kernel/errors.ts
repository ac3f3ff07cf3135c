/**
 * The closed vocabulary of refusals (decision 8, ruling a14). Each door has a total table over it, so that a new code
 * does not compile until every door can say it. GraphQL shows the codes upper-cased.
 */
export const errorCodes = [
  // the caller and the request
  "unauthenticated",
  "forbidden",
  "not_found",
  "invalid",
  "conflict",
  "duplicate",
  "stale_version",
  "idempotency_key_reused",
  "rate_limited",
  "too_large",
  "unavailable",
  "internal",
  // organizations
  "organization_suspended",
  "entitlement_required",
  "sso_required_first",
  "last_owner",
  // seats and subscriptions
  "seats_exhausted",
  "seats_in_use",
  "free_member_limit_reached",
  "service_already_assigned",
  "option_not_available",
  "right_not_granted",
  "prepaid_decrease_at_renewal_only",
  "nothing_scheduled",
  "quote_expired",
  // members and invitations
  "already_member",
  "member_not_active",
  "member_deactivated",
  "invitation_not_pending",
  "invalid_token",
  "resend_limit_reached",
  "managed_by_identity_provider",
  "mass_deprovision_guard",
  // event types
  "field_locked",
  "stale_revision",
  // identity
  "connection_inactive",
  "email_domain_not_owned",
  "sso_refused",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What a refusal knows, as data: public ids, counts, field names. Never secrets, SQL or paths. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * The one way to refuse. Thrown, so that the unit of work rolls back by itself.
 * `message` is one English sentence; doors translate by `code` and `facts`.
 */
export class PlenumError extends Error {
  override readonly name = "PlenumError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: Facts = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Bad input, naming the field and what was expected. */
export function invalid(field: string, expected: string, received?: unknown): PlenumError {
  const seen = received === undefined ? {} : { received: shown(received) };
  return new PlenumError("invalid", `${field}: expected ${expected}`, { field, expected, ...seen });
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, 80);
}

/** The same answer for what does not exist and what belongs to somebody else. */
export function notFound(what: string): PlenumError {
  return new PlenumError("not_found", `no such ${what}`, { what });
}

/** A fault of ours, not the caller's: it becomes `internal` at the door and a stack in the log. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
