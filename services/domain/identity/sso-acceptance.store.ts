import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { liveConnection } from "./sso-live.store";

// SAML-47, SAML-48 and ruling 11: one statement consumes the request, enters the assertion into the replay list and
// keeps the outcome; of fifty that come at once, one finds the request pending.
const accept = statement(
  "sso-accept",
  `with live as (${liveConnection("$2", "$3")}),
   request as (
     update sso_request r set status = 'CONSUMED' from live
     where r.org_id = $1 and r.connection_id = live.id and r.request_id = $4 and r.status = 'PENDING'
       and r.expires_at > now() and (r.purpose = 'LOGIN' or (r.purpose = 'REAUTH' and $9::timestamptz
         >= r.created_at - make_interval(secs => (select skew_seconds from identity_connection
                                                  where org_id = $1 and id = $2))))
     returning r.id
   ), fresh as (
     insert into sso_replay (org_id, connection_id, assertion_hash, expires_at)
     select $1, $2, $5, greatest($6::timestamptz, now() + interval '15 minutes') from request
     on conflict do nothing
     returning 1
   ), kept as (
     insert into sso_outcome (org_id, code_hash, connection_id, request_id, facts_enc, created_at, expires_at)
     select $1, $7, $2, request.id, $8, now(), now() + interval '60 seconds' from request, fresh
     returning 1
   )
   select exists (select 1 from live) as live, exists (select 1 from request) as taken,
     exists (select 1 from kept) as kept`,
);

export interface Acceptance {
  readonly connectionId: ConnectionId;
  readonly version: string;
  readonly requestId: string;
  readonly assertionHash: Buffer;
  readonly replayableUntil: Date;
  readonly codeHash: Buffer;
  readonly factsSealed: Buffer;
  /** When the person proved who they are; whoever was asked to do so again must have done it since (SAML-46). */
  readonly authnInstant: Date;
}

export async function acceptRow(tx: Tx, a: Acceptance): Promise<{ live: boolean; taken: boolean; kept: boolean }> {
  const values = [a.requestId, a.assertionHash, a.replayableUntil, a.codeHash, a.factsSealed, a.authnInstant];
  return sql(tx).one(accept, [tx.orgId, a.connectionId, a.version, ...values]);
}

// Nobody asked for these, so no request is consumed; the replay list alone keeps a second one out (SAML-56). People
// have to read a page and press a button, hence the longer life of the outcome.
const acceptUnasked = statement(
  "sso-accept-unsolicited",
  `with live as (${liveConnection("$2", "$3")} and c.idp_initiated = 'accept'),
   fresh as (
     insert into sso_replay (org_id, connection_id, assertion_hash, expires_at)
     select $1, $2, $4, greatest($5::timestamptz, now() + interval '15 minutes') from live
     on conflict do nothing
     returning 1
   ), kept as (
     insert into sso_outcome (org_id, code_hash, connection_id, request_id, facts_enc, created_at, expires_at)
     select $1, $6, $2, null, $7, now(), now() + interval '5 minutes' from fresh
     returning 1
   )
   select exists (select 1 from live) as live, exists (select 1 from kept) as kept`,
);

/** Takes a response in that answers no request. */
export async function acceptUnaskedRow(
  tx: Tx,
  a: Omit<Acceptance, "requestId" | "authnInstant">,
): Promise<{ live: boolean; kept: boolean }> {
  const values = [a.assertionHash, a.replayableUntil, a.codeHash, a.factsSealed];
  return sql(tx).one(acceptUnasked, [tx.orgId, a.connectionId, a.version, ...values]);
}
