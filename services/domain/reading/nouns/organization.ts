import { id, instant, needs, number, text, upper, viewerMay, word } from "../columns";
import type { Noun, One } from "../noun";
import { auditEntries } from "./audit-entry";
import { eventTypeTemplates } from "./event-type-template";
import { invitations } from "./invitation";
import { members } from "./member";
import { subscriptions } from "./subscription";

/** Seats of the live service pools, counted; three numbers, because they differ (SUB-01, SUB-02, SUB-19). */
export const seatSummaryLink: One = {
  kind: "one",
  noun: "SeatSummary",
  gate: needs("seat:read"),
  join: (to) => `lateral (
      select $1::uuid as org_id, p.purchased, p.used, p.available, r.reserved
      from (
        select coalesce(sum(s.quantity), 0) as purchased, coalesce(sum(s.used), 0) as used,
          coalesce(sum(greatest(0, least(s.quantity, coalesce(s.next_quantity, s.quantity),
            coalesce(s.target_quantity, s.quantity)) - s.used)), 0) as available
        from subscription s where s.org_id = $1 and s.kind = 'SERVICE' and s.status in ('ACTIVE', 'PAST_DUE')
      ) p, (
        select count(*) as reserved
        from member m join licence_assignment l on l.org_id = $1 and l.member_id = m.id
        join subscription s on s.org_id = $1 and s.id = l.subscription_id
        where m.org_id = $1 and m.status = 'INVITED' and l.ended_at is null and l.kind = 'SERVICE'
          and s.status in ('ACTIVE', 'PAST_DUE')
      ) r
    ) ${to} on true`,
};

export const seatSummary: Noun = {
  name: "SeatSummary",
  key: (row) => `${row}.org_id`,
  members: {
    purchased: number("purchased"),
    used: number("used"),
    reserved: number("reserved"),
    occupied: number((s) => `${s}.used - ${s}.reserved`),
    available: number("available"),
    // Everything bought is billed, taken or not (SUB-02).
    billed: number("purchased"),
  },
};

export const entitlement: Noun = {
  name: "Entitlement",
  key: (row) => `${row}.feature`,
  members: { feature: text("feature"), value: number("value") },
};

/** A tenant. */
export const organization: Noun = {
  name: "Organization",
  key: (row) => `${row}.org_id`,
  members: {
    id: id("organization", "org_id"),
    name: text("name"),
    slug: text("slug"),
    kind: word("kind"),
    status: word("status"),
    locale: upper("locale"),
    timeZone: text("time_zone"),
    currency: text("currency"),
    ownerCount: number("owners"),
    seatPolicy: upper("seat_policy"),
    expandCeiling: number("expand_ceiling"),
    freeMemberLimit: number("free_member_limit"),
    freeMembersUsed: number("free_member_used"),
    createdAt: instant("created_at"),
    version: word("version"),
    viewerMay: viewerMay(
      "organization:write",
      "member:read",
      "invitation:read",
      "invitation:write",
      "seat:read",
      "subscription:read",
      "subscription:write",
      "event-type:read",
      "event-type:write",
      "identity:read",
      "identity:write",
      "token:write",
      "audit:read",
      "owner:transfer",
    ),
    entitlements: {
      kind: "list",
      noun: "Entitlement",
      from: (to) => `organization_entitlement ${to} where ${to}.org_id = $1`,
      orderBy: (to) => `${to}.feature`,
    },
    seatSummary: seatSummaryLink,
    members,
    invitations,
    subscriptions,
    eventTypeTemplates,
    auditEntries,
  },
};
