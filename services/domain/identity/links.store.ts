import { newId, type ConnectionId, type IdentityLinkId, type MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { IdentityKey } from "./sso-identities.store";

export type WaitingPolicy = "CONFIRM" | "ADMIN";
export type LinkStatus = "WAITING" | "LINKED" | "REJECTED";

/** An identity that waits to become a member's. */
export interface IdentityLink {
  readonly id: IdentityLinkId;
  readonly connectionId: ConnectionId;
  readonly memberId: MemberId;
  readonly policy: WaitingPolicy;
  readonly status: LinkStatus;
  readonly idpEntityId: string;
  readonly format: string;
  readonly key: string;
  readonly emailNorm: string;
  readonly returnPath: string;
  readonly expired: boolean;
}

const columns = `l.id, l.connection_id as "connectionId", l.member_id as "memberId", l.policy, l.status,
  l.idp_entity_id as "idpEntityId", l.name_id_format as format, l.name_id_key as key, l.email_norm as "emailNorm",
  l.return_path as "returnPath", l.expires_at <= now() as expired`;

// One link waits for one identity. Whoever comes again finds it waiting, in whichever browser; what has run out, or
// means somebody else by now, begins anew under an id of its own. A rejected one stands until it has run out.
const goesOn = `(sso_link.expires_at > now() and sso_link.member_id = excluded.member_id
  and sso_link.policy = excluded.policy and sso_link.email_norm = excluded.email_norm)`;
const wait = statement(
  "sso-link-wait",
  `insert into sso_link (org_id, id, connection_id, member_id, policy, status, idp_entity_id, name_id_format,
                         name_id_key, email_norm, browser_hash, return_path, created_at, expires_at)
   values ($1, $2, $3, $4, $5, 'WAITING', $6, $7, $8, $9, $10, $11, now(), now() + make_interval(mins => $12))
   on conflict (org_id, connection_id, idp_entity_id, name_id_format, name_id_key) where status <> 'LINKED'
   do update set
     id = case when ${goesOn} then sso_link.id else excluded.id end,
     created_at = case when ${goesOn} then sso_link.created_at else excluded.created_at end,
     expires_at = case when ${goesOn} then sso_link.expires_at else excluded.expires_at end,
     letters = case when ${goesOn} then sso_link.letters else 0 end,
     status = 'WAITING', member_id = excluded.member_id, policy = excluded.policy, email_norm = excluded.email_norm,
     browser_hash = excluded.browser_hash, return_path = excluded.return_path, proof_hash = null, decided_at = null
   where sso_link.status = 'WAITING' or sso_link.expires_at <= now()
   returning id`,
);

export interface NewLink extends IdentityKey {
  readonly memberId: MemberId;
  readonly policy: WaitingPolicy;
  readonly emailNorm: string;
  readonly browserHash: Buffer;
  readonly returnPath: string;
  readonly validMinutes: number;
}

/** Lets an identity wait; nothing where it was rejected. */
export async function insertLink(tx: Tx, l: NewLink): Promise<{ id: IdentityLinkId; isNew: boolean } | undefined> {
  const fresh = newId("identityLink");
  const who = [l.memberId, l.policy, l.idpEntityId, l.format, l.key, l.emailNorm];
  const values = [tx.orgId, fresh, l.connectionId, ...who, l.browserHash, l.returnPath, l.validMinutes];
  const kept = await sql(tx).maybe<{ id: IdentityLinkId }>(wait, values);
  return kept && { id: kept.id, isNew: kept.id === fresh };
}

const find = statement(
  "sso-link-find",
  `select ${columns} from sso_link l
   where l.org_id = $1 and l.connection_id = $2 and l.id = $3 and l.browser_hash = $4 for no key update of l`,
);
const findByProof = statement(
  "sso-link-find-by-proof",
  `select ${columns} from sso_link l
   where l.org_id = $1 and l.connection_id = $2 and l.proof_hash = $3 and l.browser_hash = $4
   for no key update of l`,
);
const whose = statement(
  "sso-link-connection",
  `select connection_id as "connectionId" from sso_link where org_id = $1 and id = $2`,
);
const lock = statement(
  "sso-link-lock",
  `select ${columns} from sso_link l where l.org_id = $1 and l.id = $2 for no key update of l`,
);

/** The link that this browser brought about, held until the unit of work ends; for others it is not there. */
export async function lockOwnLink(
  tx: Tx,
  by: { connectionId: ConnectionId; id: IdentityLinkId; browserHash: Buffer },
): Promise<IdentityLink | undefined> {
  return sql(tx).maybe<IdentityLink>(find, [tx.orgId, by.connectionId, by.id, by.browserHash]);
}

/** The same by the secret of the last letter. */
export async function lockLinkByProof(
  tx: Tx,
  by: { connectionId: ConnectionId; proofHash: Buffer; browserHash: Buffer },
): Promise<IdentityLink | undefined> {
  return sql(tx).maybe<IdentityLink>(findByProof, [tx.orgId, by.connectionId, by.proofHash, by.browserHash]);
}

/** Of which connection a link is: it is locked before the link, as sign-ins do. */
export async function connectionOfLink(tx: Tx, id: IdentityLinkId): Promise<ConnectionId | undefined> {
  return (await sql(tx).maybe<{ connectionId: ConnectionId }>(whose, [tx.orgId, id]))?.connectionId;
}

/** Any link of the organization, for who decides about it. */
export async function lockLink(tx: Tx, id: IdentityLinkId): Promise<IdentityLink | undefined> {
  return sql(tx).maybe<IdentityLink>(lock, [tx.orgId, id]);
}

const decide = statement(
  "sso-link-decide",
  `update sso_link set status = $3, decided_at = $4, proof_hash = null where org_id = $1 and id = $2`,
);
// Counted over all links of the member: another NameID at the identity provider makes no further letters.
const post = statement(
  "sso-link-post",
  `update sso_link l set proof_hash = $3, letters = letters + 1
   where l.org_id = $1 and l.id = $2 and $4 > (
     select coalesce(sum(o.letters), 0) from sso_link o
     where o.org_id = $1 and o.member_id = l.member_id and o.created_at > now() - interval '1 hour')`,
);

export async function decideLink(tx: Tx, id: IdentityLinkId, status: "LINKED" | "REJECTED"): Promise<void> {
  await sql(tx).exec(decide, [tx.orgId, id, status, tx.now]);
}

/** Notes a letter to the member; false when there were enough of them in this hour. Takes the member's lock as given. */
export async function noteLetter(tx: Tx, id: IdentityLinkId, proofHash: Buffer, max: number): Promise<boolean> {
  return (await sql(tx).exec(post, [tx.orgId, id, proofHash, max])) === 1;
}

const forget = statement("sso-link-forget", `delete from sso_link where org_id = $1 and member_id = $2`);

/** Forgets every link of a member who is gone for good; answers how many. */
export async function deleteLinksOfMember(tx: Tx, memberId: MemberId): Promise<number> {
  return sql(tx).exec(forget, [tx.orgId, memberId]);
}

const candidate = statement(
  "sso-link-member",
  `select m.status, m.role, m.login_email as "loginEmail", m.login_email_norm as "loginEmailNorm",
     m.managed_by is not null as managed,
     exists (select 1 from sso_exemption x
             where x.org_id = $1 and x.kind = 'BREAK_GLASS' and x.subject_id = m.id) as "breakGlass",
     coalesce((select jsonb_agg(i.name_id_key) from sso_identity i
               where i.org_id = $1 and i.member_id = m.id and i.connection_id = $3 and i.idp_entity_id = $4
                 and i.name_id_format = $5 and not i.blocked), '[]') as "knownAs"
   from member m where m.org_id = $1 and m.id = $2 for no key update of m`,
);

/** The member whom a link means, as they are now. */
export interface LinkMember {
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED" | "REMOVED";
  readonly role: "OWNER" | "ADMIN" | "MEMBER";
  readonly loginEmail: string | null;
  readonly loginEmailNorm: string | null;
  readonly managed: boolean;
  readonly breakGlass: boolean;
  /** The names of the same kind by which the same identity provider knows them. */
  readonly knownAs: readonly string[];
}

/** Holds the member until the unit of work ends: a suspension in the same moment comes before or after. */
export async function lockLinkMember(tx: Tx, link: IdentityLink): Promise<LinkMember | undefined> {
  const { memberId, connectionId, idpEntityId, format } = link;
  return sql(tx).maybe<LinkMember>(candidate, [tx.orgId, memberId, connectionId, idpEntityId, format]);
}

const list = statement(
  "sso-link-list",
  `select ${columns}, l.created_at as "createdAt", l.expires_at as "expiresAt" from sso_link l
   where l.org_id = $1 and l.status = 'WAITING' and l.expires_at > now() order by l.created_at, l.id limit 1000`,
);

export interface ListedLink extends IdentityLink {
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function listLinkRows(tx: Tx): Promise<ListedLink[]> {
  return sql(tx).many<ListedLink>(list, [tx.orgId]);
}
