import type { ErrorCode, PlenumError } from "../kernel/errors";
import { classOfCode, type PageClass } from "./page-classes";

/** How the SAML door answers each refusal of the domain; total, so that a new code does not compile without a page. */
const pageOfCode: Readonly<Record<ErrorCode, PageClass>> = {
  unauthenticated: "again",
  forbidden: "noAccess",
  not_found: "noAccess",
  invalid: "malformed",
  conflict: "again",
  duplicate: "noAccess",
  stale_version: "again",
  idempotency_key_reused: "again",
  rate_limited: "busy",
  too_large: "tooLarge",
  unavailable: "busy",
  internal: "busy",
  organization_suspended: "switchedOff",
  entitlement_required: "switchedOff",
  sso_required_first: "switchedOff",
  last_owner: "noAccess",
  seats_exhausted: "noSeat",
  seats_in_use: "noSeat",
  free_member_limit_reached: "noSeat",
  service_already_assigned: "again",
  option_not_available: "noSeat",
  right_not_granted: "noAccess",
  prepaid_decrease_at_renewal_only: "noSeat",
  nothing_scheduled: "again",
  quote_expired: "again",
  already_member: "noAccess",
  member_not_active: "noAccess",
  member_deactivated: "noAccess",
  invitation_not_pending: "again",
  invalid_token: "again",
  resend_limit_reached: "busy",
  managed_by_identity_provider: "noAccess",
  mass_deprovision_guard: "noAccess",
  field_locked: "noAccess",
  stale_revision: "again",
  connection_inactive: "switchedOff",
  email_domain_not_owned: "noAccess",
  sso_refused: "rejected",
};

const statusOfClass: Readonly<Record<PageClass, number>> = {
  malformed: 400,
  tooLarge: 413,
  rejected: 403,
  provider: 403,
  again: 403,
  noAccess: 403,
  noSeat: 403,
  switchedOff: 403,
  letters: 429,
  busy: 503,
};

/** A refusal as a page shows it: a stable code, a class of words, a status. */
export interface ShownRefusal {
  readonly code: string;
  readonly page: PageClass;
  readonly status: number;
}

/** A code of the verifier. */
export function shownCode(code: string): ShownRefusal {
  const page = classOfCode(code) ?? "rejected";
  return { code, page, status: statusOfClass[page] };
}

/** A refusal of the domain; `sso_refused` is told by its reason. */
export function shownError(error: PlenumError): ShownRefusal {
  const { reason } = error.facts;
  if (error.code === "sso_refused" && typeof reason === "string") return shownCode(reason);
  // An administrator whose session is too old for what they ask signs in once more (SAML-11).
  if (reason === "reauthentication_required") return { code: reason, page: "again", status: statusOfClass.again };
  const page = pageOfCode[error.code];
  const status = error.code === "rate_limited" ? 429 : error.code === "internal" ? 500 : statusOfClass[page];
  return { code: error.code, page, status };
}
