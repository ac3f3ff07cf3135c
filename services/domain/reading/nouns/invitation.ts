import { flag, id, instant, needs, number, viewerMay, word } from "../columns";
import { byCreation, oneOf } from "../filters";
import type { Many, Noun } from "../noun";

/** The letter to somebody who has not accepted yet. */
export const invitation: Noun = {
  name: "Invitation",
  key: (row) => `${row}.id`,
  members: {
    id: id("invitation"),
    status: word("status"),
    sentAt: instant("sent_at"),
    sendCount: number("send_count"),
    // Waiting a day is advice (ORG-14).
    resendRecommendedAt: instant((i) => `${i}.sent_at + interval '1 day'`),
    expiresAt: instant("expires_at"),
    isExpired: flag((i) => `${i}.expires_at <= now()`),
    createdAt: instant("created_at"),
    endedAt: instant("ended_at"),
    version: word("version"),
    viewerMay: viewerMay("invitation:write"),
    member: {
      kind: "one",
      noun: "Member",
      join: (to, i) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${i}.member_id`,
    },
    invitedBy: {
      kind: "one",
      noun: "Member",
      join: (to, i) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${i}.invited_by`,
      gate: needs("member:read"),
    },
  },
};

/** The pending ones unless others are asked for (ORG-13). */
export const invitations: Many = {
  kind: "many",
  noun: "Invitation",
  gate: needs("invitation:read"),
  from: (to) => `invitation ${to} where ${to}.org_id = $1`,
  filters: { status: oneOf("status", (to) => `${to}.status = 'PENDING'`) },
  orders: byCreation,
};
