import { newId } from "../../kernel/ids";
import { lobbySql, sql, statement } from "../sql";
import type { Database, Tx } from "../unit-of-work";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface KeptMail extends Mail {
  readonly at: Date;
}

const add = statement(
  "mail-add",
  `insert into outgoing_mail (id, org_id, event_id, recipient, subject, text_body, html_body, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, now()) on conflict do nothing`,
);
const list = statement(
  "mail-list",
  `select recipient as "to", subject, text_body as text, html_body as html, created_at as at
   from outgoing_mail where next_attempt_at < 'infinity' order by created_at desc, id desc limit $1`,
);
// Taking a mail moves its next attempt away: other workers leave it alone meanwhile, and one that is lost with its
// worker comes again. The distance doubles from a minute to four hours.
const take = statement(
  "mail-take",
  `update outgoing_mail
   set attempts = attempts + 1, next_attempt_at = now() + interval '1 minute' * least(240, 2 ^ attempts)
   where id in (
     select id from outgoing_mail
     where sent_at is null and next_attempt_at <= now() and attempts < $2
     order by next_attempt_at, created_at limit $1 for update skip locked)
   returning id, recipient as "to", subject, text_body as text, html_body as html`,
);
const sent = statement("mail-sent", `update outgoing_mail set sent_at = now() where id = $1 and sent_at is null`);

/** Keeps a mail of the running organization for sending; the same event and recipient are kept once. */
export async function keepMail(tx: Tx, mail: Mail, eventId: string | null): Promise<void> {
  if (tx.shadowOf !== undefined) return;
  await sql(tx).exec(add, [newId("mail"), tx.orgId, eventId, mail.to, mail.subject, mail.text, mail.html]);
}

/** The newest mails, for `plenum mail list` (operator only). */
export async function listMails(db: Database, limit: number): Promise<KeptMail[]> {
  return lobbySql(db).many<KeptMail>(list, [limit]);
}

const attemptsMax = 20;

/** Takes mails that wait for the mail server, oldest first, so that no other worker sends them meanwhile. */
export async function takeUnsentMails(db: Database, limit: number): Promise<(Mail & { id: string })[]> {
  return lobbySql(db).many<Mail & { id: string }>(take, [limit, attemptsMax]);
}

/** Marks a mail as handed to the mail server. */
export async function markMailSent(db: Database, id: string): Promise<void> {
  await lobbySql(db).exec(sent, [id]);
}
