import { instant, needs, word } from "../columns";
import { byCreation, oneOf } from "../filters";
import type { Many, Noun } from "../noun";

/** Whom enforcement does not bind, or who may break the glass (SAML-80). */
export const ssoExemption: Noun = {
  name: "SsoExemption",
  // One subject may be there by several kinds; the key of the table as one uuid, for cursors.
  key: (row) => `md5(${row}.kind || ${row}.subject_id::text)::uuid`,
  members: {
    kind: word("kind"),
    createdAt: instant("created_at"),
    member: {
      kind: "one",
      noun: "Member",
      join: (to, x) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${x}.subject_id`,
    },
  },
};

export const ssoExemptions: Many = {
  kind: "many",
  noun: "SsoExemption",
  gate: needs("identity:read"),
  from: (to) => `sso_exemption ${to} where ${to}.org_id = $1`,
  filters: { kind: oneOf("kind") },
  orders: byCreation,
};
