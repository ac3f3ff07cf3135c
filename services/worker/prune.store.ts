import { dayMs, hourMs, plusMs } from "../kernel/clock";
import { lobbySql, sql, statement } from "../platform/sql";
import type { Database, Tx } from "../platform/unit-of-work";

const rowsMax = 5_000;

// Each table with an expiry, and how long after it a row may still be asked for.
const expiring = [
  { table: "idempotency_key", expiry: "expires_at", graceMs: 0 },
  { table: "sso_request", expiry: "expires_at", graceMs: dayMs },
  { table: "sso_replay", expiry: "expires_at", graceMs: hourMs },
  { table: "sso_outcome", expiry: "expires_at", graceMs: hourMs },
  { table: "sso_link", expiry: "expires_at", graceMs: 30 * dayMs },
  { table: "oauth_assertion", expiry: "expires_at", graceMs: hourMs },
  { table: "saml_test_run", expiry: "purge_after", graceMs: 0 },
] as const;

const prunes = expiring.map(({ table, expiry, graceMs }) => ({
  graceMs,
  statement: statement(
    `prune-${table}`,
    `delete from ${table} where org_id = $1 and ctid = any(array(
       select ctid from ${table} where org_id = $1 and ${expiry} < $2 limit ${rowsMax}))`,
  ),
}));

// Who left longer ago than the guard looks back, and what was decided a quarter ago (SCIM-190).
const oldDepartures = statement(
  "prune-departures",
  `delete from provisioning_undo where org_id = $1 and ctid = any(array(
     select u.ctid from provisioning_undo u join provisioning_run r on r.org_id = $1 and r.id = u.run_id
     where u.org_id = $1 and ((r.state = 'WATCHING' and u.at < $2)
       or (r.state in ('APPROVED', 'UNDONE') and r.decided_at < $3)) limit ${rowsMax}))`,
);

const oldLinks = statement(
  "prune-sign-in-links",
  `delete from sign_in_link where expires_at < now() - interval '1 day'`,
);
const sentMails = statement("prune-sent-mails", `delete from outgoing_mail where sent_at < now() - interval '30 days'`);

// Letters to addresses that nobody has wait for the end of time, written for their cost alone (SAML-A91).
const lettersToNobody = statement(
  "prune-letters-to-nobody",
  `delete from outgoing_mail where sent_at is null and next_attempt_at = 'infinity' and created_at < now() - interval '1 hour'`,
);

/** Deletes what has expired in one organization; answers how many rows. */
export async function pruneOrganization(tx: Tx): Promise<number> {
  let rows = 0;
  for (const prune of prunes) rows += await sql(tx).exec(prune.statement, [tx.orgId, plusMs(tx.now, -prune.graceMs)]);
  const [dayAgo, quarterAgo] = [plusMs(tx.now, -dayMs), plusMs(tx.now, -90 * dayMs)];
  return rows + (await sql(tx).exec(oldDepartures, [tx.orgId, dayAgo, quarterAgo]));
}

/** The same for what belongs to no organization. */
export async function pruneLobbyRows(db: Database): Promise<number> {
  let rows = 0;
  for (const one of [oldLinks, sentMails, lettersToNobody]) rows += await lobbySql(db).exec(one);
  return rows;
}
