import { PlenumError, type ErrorCode, type Facts } from "../kernel/errors";
import { ScimRefusal, type ScimType } from "./refusal";
import { messages, plenumUser } from "./urns";

/** How this door says a refusal: status, maybe a keyword, headers, and the sentence for the administrator. */
export interface Reply {
  readonly status: number;
  readonly scimType?: ScimType;
  readonly headers?: Readonly<Record<string, string>>;
}

const retry = { "Retry-After": "30" } as const;

/** Total over the closed list: a new code does not compile until SCIM can say it (SCIM-032, SCIM-035). */
export const scimReply = {
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  not_found: { status: 404 },
  invalid: { status: 400, scimType: "invalidValue" },
  conflict: { status: 409 },
  duplicate: { status: 409, scimType: "uniqueness" },
  stale_version: { status: 412 },
  idempotency_key_reused: { status: 409 },
  rate_limited: { status: 429, headers: { "Retry-After": "1" } },
  too_large: { status: 413 },
  unavailable: { status: 503, headers: retry },
  internal: { status: 500 },
  organization_suspended: { status: 403 },
  entitlement_required: { status: 403 },
  sso_required_first: { status: 403 },
  last_owner: { status: 403, scimType: "protectedResource" },
  seats_exhausted: { status: 403, scimType: "seatLimitReached" },
  seats_in_use: { status: 409 },
  free_member_limit_reached: { status: 403, scimType: "seatLimitReached" },
  service_already_assigned: { status: 409 },
  option_not_available: { status: 400, scimType: "invalidValue" },
  right_not_granted: { status: 403 },
  prepaid_decrease_at_renewal_only: { status: 409 },
  nothing_scheduled: { status: 409 },
  quote_expired: { status: 409 },
  already_member: { status: 409, scimType: "uniqueness" },
  member_not_active: { status: 409 },
  member_deactivated: { status: 409 },
  invitation_not_pending: { status: 409 },
  invalid_token: { status: 401 },
  resend_limit_reached: { status: 429, headers: { "Retry-After": "3600" } },
  managed_by_identity_provider: { status: 409 },
  mass_deprovision_guard: { status: 403, scimType: "massDeprovisionGuard" },
  field_locked: { status: 400, scimType: "mutability" },
  stale_revision: { status: 412 },
  connection_inactive: { status: 403 },
  email_domain_not_owned: { status: 403 },
  sso_refused: { status: 403 },
} as const satisfies Record<ErrorCode, Reply>;

export interface ErrorBody {
  readonly schemas: readonly [string];
  readonly status: string;
  readonly scimType?: ScimType;
  readonly detail: string;
}

export interface ErrorReply extends Reply {
  readonly body: ErrorBody;
}

/**
 * Any thrown thing as this protocol's answer. What is no refusal is a fault of ours: 500 with nothing of it in the
 * body, and never something that looks like an empty result (SCIM-033).
 */
export function replyTo(error: unknown, requestId: string, publicUrl: string): ErrorReply {
  if (error instanceof ScimRefusal) {
    const { status, scimType, message, headers } = error;
    return reply(scimType ? { status, scimType, headers } : { status, headers }, message, requestId);
  }
  if (error instanceof PlenumError) {
    // Two requests met on one row: to a client, 409 would mean that the resource exists already (SCIM-033).
    const known = isContention(error) ? scimReply.unavailable : scimReply[error.code];
    return reply(known, sentence(error, publicUrl), requestId);
  }
  return reply(scimReply.internal, "the request failed for a reason on our side", requestId);
}

const contention: ReadonlySet<unknown> = new Set(["40001", "40P01", "55P03"]);

function isContention({ code, cause }: PlenumError): boolean {
  return code === "conflict" && contention.has((cause as { code?: unknown } | undefined)?.code);
}

function reply(known: Reply, text: string, requestId: string): ErrorReply {
  const { status, scimType } = known;
  const detail = `${text.replace(/\.$/, "")} (request ${requestId})`;
  const body: ErrorBody = {
    schemas: [messages.error],
    status: String(status),
    ...(scimType ? { scimType } : {}),
    detail,
  };
  return { ...known, body };
}

/** The sentence of a refusal; where an administrator must act, it says how (SCIM-185, SCIM-189). */
function sentence({ code, message, facts }: PlenumError, publicUrl: string): string {
  switch (code) {
    case "seats_exhausted":
      return seatSentence(facts, publicUrl);
    case "last_owner":
      return `${message}; make another member owner in Plenum first, then repeat`;
    case "duplicate":
      return duplicateSentence(message, facts);
    case "invalid":
      return invalidSentence(message, facts);
    case "internal":
      return "the request failed for a reason on our side";
    default:
      return message;
  }
}

// What the domain calls otherwise than the client, who can only look for the name that it has sent.
const attributes: Readonly<Record<string, string>> = { planCode: `${plenumUser}:licence` };

function invalidSentence(message: string, { field, expected }: Facts): string {
  const attribute = typeof field === "string" ? attributes[field] : undefined;
  return attribute === undefined ? message : `${attribute}: expected ${String(expected)}`;
}

function seatSentence(facts: Facts, publicUrl: string): string {
  const count = typeof facts["used"] === "number" && typeof facts["quantity"] === "number";
  const plan = typeof facts["plan"] === "string" ? ` '${facts["plan"]}'` : "";
  const taken = count ? `: ${String(facts["used"])} of ${String(facts["quantity"])}${plan} seats are in use` : "";
  return `No free seat${taken}. Free a seat or add seats at ${publicUrl}/billing`;
}

/** The attribute and, where it is known, the resource that has the value already (SCIM-091). */
function duplicateSentence(message: string, { field, id }: Facts): string {
  const named = typeof field === "string" ? `${field}: ${message}` : message;
  return typeof id === "string" ? `${named}; it belongs to ${id}` : named;
}
