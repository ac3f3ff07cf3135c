import { id, instant, needs, text, word } from "../columns";
import { byCreation, oneOf } from "../filters";
import type { Many, Noun } from "../noun";

/** An identity that has a member's address and waits for somebody's word (SAML-62). */
export const identityLink: Noun = {
  name: "IdentityLink",
  key: (row) => `${row}.id`,
  members: {
    id: id("identityLink"),
    status: word("status"),
    policy: word("policy"),
    identity: text("name_id_key"),
    email: text("email_norm"),
    idpEntityId: text("idp_entity_id"),
    createdAt: instant("created_at"),
    expiresAt: instant("expires_at"),
    decidedAt: instant("decided_at"),
    member: {
      kind: "one",
      noun: "Member",
      join: (to, l) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${l}.member_id`,
    },
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, l) => `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${l}.connection_id`,
    },
  },
};

export const identityLinks: Many = {
  kind: "many",
  noun: "IdentityLink",
  gate: needs("identity:read"),
  from: (to) => `sso_link ${to} where ${to}.org_id = $1`,
  filters: { status: oneOf("status") },
  orders: byCreation,
};
