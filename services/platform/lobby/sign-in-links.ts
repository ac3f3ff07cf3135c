import type { PersonId } from "../../kernel/ids";
import { lobbySql, statement } from "../sql";
import type { Database } from "../unit-of-work";

const add = statement(
  "sign-in-link-add",
  `insert into sign_in_link (secret_hash, person_id, created_at, expires_at)
   select $1, $2, now(), now() + make_interval(secs => $3)
   where (select count(*) from sign_in_link where person_id = $2 and created_at > now() - interval '1 hour') < $4`,
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

/** Stores a one-time link; false when the person got too many within the hour. Expiry is the database's time (a13). */
export async function addSignInLink(
  db: Database,
  link: { hash: Buffer; personId: PersonId; validSeconds: number; perHourMax: number },
): Promise<boolean> {
  return (await lobbySql(db).exec(add, [link.hash, link.personId, link.validSeconds, link.perHourMax])) === 1;
}

/** Whose unused link this is; looking does not use it, since mail scanners look too. */
export async function peekSignInLink(db: Database, hash: Buffer): Promise<PersonId | undefined> {
  return (await lobbySql(db).maybe<{ personId: PersonId }>(peek, [hash]))?.personId;
}

/** Uses a link, once: of two at the same moment one gets the person. */
export async function useSignInLink(db: Database, hash: Buffer): Promise<PersonId | undefined> {
  return (await lobbySql(db).maybe<{ personId: PersonId }>(use, [hash]))?.personId;
}
