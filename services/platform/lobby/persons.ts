import type { Email } from "../../kernel/email";
import { newId, type MemberId, type OrgId, type PersonId } from "../../kernel/ids";
import { lobbySql, sql, statement } from "../sql";
import type { Database, Tx } from "../unit-of-work";

const findByEmail = statement(
  "person-by-email",
  `select person_id as "personId" from person_email where email_norm = $1`,
);
// Two units may meet on one address: the address row decides, the loser's person row is not written at all.
const attach = statement(
  "person-attach",
  `with known as (select person_id from person_email where email_norm = $1),
        fresh as (
          insert into person (id, locale, created_at, updated_at)
          select $2, $4, $5, $5 where not exists (select 1 from known) returning id
        ), added as (
          insert into person_email (email_norm, person_id, as_given, verified_at)
          select $1, id, $3, $5 from fresh on conflict (email_norm) do nothing returning person_id
        ), who as (
          select coalesce((select person_id from known), (select person_id from added)) as person_id
        ), joined as (
          insert into person_member (person_id, org_id, member_id, created_at)
          select person_id, $6, $7, $5 from who where person_id is not null
          on conflict (person_id, org_id) do update set member_id = excluded.member_id
        )
   select person_id as "personId" from who`,
);
const putBack = statement(
  "person-member-put-back",
  `insert into person_member (person_id, org_id, member_id, created_at) values ($1, $2, $3, $4) on conflict do nothing`,
);
const removeMembership = statement(
  "person-member-remove",
  `delete from person_member where person_id = $1 and org_id = $2`,
);
const listMemberships = statement(
  "person-memberships",
  `select org_id as "orgId", member_id as "memberId" from person_member where person_id = $1 order by org_id limit 100`,
);

const isTaken = statement(
  "person-is-member",
  `select 1 as one from person_email e join person_member p on p.person_id = e.person_id and p.org_id = $2
   where e.email_norm = $1 and p.member_id <> $3`,
);
const moveCredentials = statement(
  "person-credentials-move",
  `update person_credential set person_id = $3 where org_id = $1 and person_id = $2`,
);

export interface Membership {
  readonly orgId: OrgId;
  readonly memberId: MemberId;
}

/** Who signs in with this address, or nothing. Only verified addresses stand here. */
export async function findPersonByEmail(db: Database, emailNorm: string): Promise<PersonId | undefined> {
  return (await lobbySql(db).maybe<{ personId: PersonId }>(findByEmail, [emailNorm]))?.personId;
}

/** In which organizations a person has a membership. */
export async function listMembershipsOf(db: Database, personId: PersonId): Promise<Membership[]> {
  return lobbySql(db).many<Membership>(listMemberships, [personId]);
}

/**
 * The person of a verified address, made where there is none, and their membership in the running organization. A
 * person is a sign-in identity only: no profile that one organization could see of another (ruling 4).
 */
export async function attachPerson(
  tx: Tx,
  email: Email,
  memberId: MemberId,
  locale: "fr" | "en",
): Promise<PersonId | null> {
  // Nobody signs in to a rehearsal.
  if (tx.shadowOf !== undefined) return null;
  const values = [email.norm, newId("person"), email.asGiven, locale, tx.now, tx.orgId, memberId];
  const first = await sql(tx).one<{ personId: PersonId | null }>(attach, values);
  // Null: another unit of work added the address in this very moment; its row is visible to the next statement.
  const { personId } = first.personId ? first : await sql(tx).one<{ personId: PersonId | null }>(attach, values);
  if (!personId) throw new Error("a verified address has a person");
  return personId;
}

/** Puts the running organization back on the list of the person who the member was before. */
export async function reattachPerson(tx: Tx, personId: PersonId, memberId: MemberId): Promise<void> {
  if (tx.shadowOf !== undefined) return;
  await sql(tx).exec(putBack, [personId, tx.orgId, memberId, tx.now]);
}

/** Takes the running organization off a person's list. */
export async function detachPerson(tx: Tx, personId: PersonId): Promise<void> {
  await sql(tx).exec(removeMembership, [personId, tx.orgId]);
}

/**
 * Hands a membership on to the person of another address, with the credentials that were registered in this
 * organization; answers who it is now. Where that person is a member here already, as somebody else, nothing moves.
 */
export async function movePerson(
  tx: Tx,
  move: {
    readonly from: PersonId;
    readonly to: Email;
    readonly memberId: MemberId;
    readonly locale: "fr" | "en";
  },
): Promise<PersonId> {
  const { from, to, memberId, locale } = move;
  if (await sql(tx).maybe(isTaken, [to.norm, tx.orgId, memberId])) return from;
  const next = await attachPerson(tx, to, memberId, locale);
  if (next === null || next === from) return from;
  await detachPerson(tx, from);
  await sql(tx).exec(moveCredentials, [tx.orgId, from, next]);
  return next;
}
