import { createHash } from "node:crypto";
import type { Email } from "../../kernel/email";
import { newId, type PersonId } from "../../kernel/ids";
import { lobbySql, statement } from "../sql";
import type { Database } from "../unit-of-work";
import type { Mail } from "./mails";

/** Stands for whoever has no account: a row of its own, so that asking for them costs the same rows and look-ups. */
export const nobody = "00000000-0000-7000-8000-000000000000" as PersonId;

// One statement for everybody: the same look-ups, the same three rows, whether the address has an account or not. A
// letter to nobody is due at the end of time and swept away before (SAML-77, SAML-A91). The window makes the limit hold
// against requests at the same moment, the count against those around the window's edge.
const keep = statement(
  "sign-in-letter-keep",
  `with hit as (
     insert into rate_window (key_hash, starts_at, hits)
     values ($2, date_trunc('hour', now()), 1)
     on conflict (key_hash, starts_at) do update set hits = rate_window.hits + 1
     returning hits
   ), who as (
     select coalesce((select person_id from person_email where email_norm = $1), $3::uuid) as person_id
   ), link as (
     insert into sign_in_link (secret_hash, person_id, address_hash, created_at, expires_at)
     select $4, who.person_id, $2, now(), now() + make_interval(secs => $5) from who, hit
     where hit.hits <= $6 and $6 > (
       select count(*) from sign_in_link where address_hash = $2 and created_at > now() - interval '1 hour')
     returning person_id
   )
   insert into outgoing_mail (id, recipient, subject, text_body, html_body, created_at, next_attempt_at)
   select $7, $8, $9, $10, $11, now(),
     case when link.person_id = $3 then 'infinity' else '-infinity' end::timestamptz
   from link`,
);

export interface SignInLetter {
  readonly email: Email;
  readonly secretHash: Buffer;
  readonly validSeconds: number;
  readonly perHourMax: number;
  readonly mail: Omit<Mail, "to">;
}

/**
 * Keeps a sign-in link and its letter, if the address has an account and got fewer than `perHourMax` in this hour. The
 * letter goes to the address by which accounts are compared, not to what was typed: where look-alikes of Unicode are one
 * account to us, they may be two mailboxes, and one of them is somebody else's.
 */
export async function keepSignInLetter(db: Database, l: SignInLetter): Promise<void> {
  const address = createHash("sha256").update(`sign-in-letter/${l.email.norm}`).digest();
  const link = [l.secretHash, l.validSeconds, l.perHourMax];
  const { subject, text, html } = l.mail;
  const mail = [newId("mail"), l.email.norm, subject, text, html];
  await lobbySql(db).exec(keep, [l.email.norm, address, nobody, ...link, ...mail]);
}
