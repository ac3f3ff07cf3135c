import type { PersonId } from "../../kernel/ids";
import { lobbySql, sql, statement } from "../sql";
import type { Database, Tx } from "../unit-of-work";

const add = statement(
  "sign-in-link-add",
  `insert into sign_in_link (secret_hash, person_id, created_at, expires_at)
   values ($1, $2, now(), now() + make_interval(secs => $3))`,
);
const peek = statement(
  "sign-in-link-peek",
  `select person_id as "personId" from sign_in_link where secret_hash = $1 and used_at is null and expires_at > now()`,
);
const use = statement(
  "sign-in-link-use",
  `update sign_in_link set used_at = now()
   where secret_hash = $1 and used_at is null and expires_at > now() returning person_id as "personId"`,
);

/** Stores a one-time link that no letter carries. Expiry is the database's time (a13). */
export async function addSignInLink(
  db: Database,
  link: { hash: Buffer; personId: PersonId; validSeconds: number },
): Promise<void> {
  await lobbySql(db).exec(add, [link.hash, link.personId, link.validSeconds]);
}

/** Whose unused link this is; looking does not use it, since mail scanners look too. */
export async function peekSignInLink(db: Database, hash: Buffer): Promise<PersonId | undefined> {
  return (await lobbySql(db).maybe<{ personId: PersonId }>(peek, [hash]))?.personId;
}

/**
 * Uses a link, once: of two at the same moment one gets the person. With the unit of work that signs them in, so that a
 * refusal or a lost process leaves the link as it was.
 */
export async function useSignInLink(tx: Tx, hash: Buffer): Promise<PersonId | undefined> {
  return (await sql(tx).maybe<{ personId: PersonId }>(use, [hash]))?.personId;
}
