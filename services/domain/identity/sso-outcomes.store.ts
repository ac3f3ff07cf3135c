import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

// A session must not come of a connection that is being switched off at that moment: whoever changes one locks its row
// for update, and completion holds it until its commit. `for key share` lets sign-ins pass each other, also first ones,
// which lock the row against each other later (SAML-12, SAML-87).
const heldConnection = `(select id from identity_connection where org_id = $1 and id = $3 for key share)`;

// Only the browser that asked may fetch the outcome; another one's try leaves it where it is (SAML-53).
const consume = statement(
  "sso-outcome-consume",
  `with used as (
     update sso_outcome u set used_at = now()
     from sso_request r, ${heldConnection} held
     where u.org_id = $1 and u.code_hash = $2 and u.connection_id = $3 and u.used_at is null and u.expires_at > now()
       and r.org_id = $1 and r.id = u.request_id and r.browser_hash = $4
     returning u.facts_enc, r.id, r.relay_state, r.return_path
   )
   select facts_enc as "factsSealed", relay_state as "relayState", return_path as "returnPath" from used`,
);

export interface Outcome {
  readonly factsSealed: Buffer;
  readonly relayState: string;
  readonly returnPath: string;
}

export async function consumeOutcome(
  tx: Tx,
  o: { connectionId: ConnectionId; codeHash: Buffer; browserHash: Buffer },
): Promise<Outcome | undefined> {
  return sql(tx).maybe<Outcome>(consume, [tx.orgId, o.codeHash, o.connectionId, o.browserHash]);
}

const offer = statement(
  "sso-outcome-offer",
  `update sso_outcome set browser_hash = $4
   where org_id = $1 and code_hash = $2 and connection_id = $3 and request_id is null and used_at is null
     and expires_at > now() and (browser_hash is null or browser_hash = $4)
   returning facts_enc as "factsSealed"`,
);
const consumeUnasked = statement(
  "sso-outcome-consume-unsolicited",
  `update sso_outcome set used_at = now()
   from ${heldConnection} held
   where org_id = $1 and code_hash = $2 and connection_id = held.id and request_id is null and browser_hash = $4
     and used_at is null and expires_at > now()
   returning facts_enc as "factsSealed"`,
);

/** Ties an unsolicited outcome to the first browser that comes with its code, and shows what it holds. */
export async function offerOutcome(
  tx: Tx,
  o: { connectionId: ConnectionId; codeHash: Buffer; browserHash: Buffer },
): Promise<{ factsSealed: Buffer } | undefined> {
  return sql(tx).maybe(offer, [tx.orgId, o.codeHash, o.connectionId, o.browserHash]);
}

/** Spends an unsolicited outcome, in the browser that was asked. */
export async function consumeUnaskedOutcome(
  tx: Tx,
  o: { connectionId: ConnectionId; codeHash: Buffer; browserHash: Buffer },
): Promise<{ factsSealed: Buffer } | undefined> {
  return sql(tx).maybe(consumeUnasked, [tx.orgId, o.codeHash, o.connectionId, o.browserHash]);
}

const isWaiting = statement(
  "sso-outcome-waiting",
  `select 1 as one from sso_outcome
   where org_id = $1 and code_hash = $2 and connection_id = $3 and used_at is null and expires_at > now()`,
);

/** Whether an outcome waits under a code, for another browser than the one that came. */
export async function outcomeWaits(tx: Tx, connectionId: ConnectionId, codeHash: Buffer): Promise<boolean> {
  return (await sql(tx).maybe(isWaiting, [tx.orgId, codeHash, connectionId])) !== undefined;
}
