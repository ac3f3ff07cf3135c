import { newId, type SessionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export type ChallengePurpose = "REGISTER" | "SIGN_IN";

const add = statement(
  "challenge-add",
  `with gone as (delete from credential_challenge where org_id = $1 and expires_at < now() - interval '1 day')
   insert into credential_challenge (org_id, id, purpose, session_id, challenge, created_at, expires_at)
   values ($1, $2, $3, $4, $5, now(), now() + interval '5 minutes')`,
);
const take = statement(
  "challenge-take",
  `update credential_challenge set used_at = now()
   where org_id = $1 and purpose = $2 and challenge = $3 and session_id is not distinct from $4
     and used_at is null and expires_at > now()`,
);

/** Remembers a challenge; a registration's belongs to the session that asked for it. */
export async function insertChallenge(
  tx: Tx,
  c: { purpose: ChallengePurpose; sessionId: SessionId | null; challenge: string },
): Promise<void> {
  await sql(tx).exec(add, [tx.orgId, newId("session"), c.purpose, c.sessionId, c.challenge]);
}

/** Takes a challenge, once: false when it is unknown, used or older than five minutes. */
export async function takeChallenge(
  tx: Tx,
  c: { purpose: ChallengePurpose; sessionId: SessionId | null; challenge: string },
): Promise<boolean> {
  return (await sql(tx).exec(take, [tx.orgId, c.purpose, c.challenge, c.sessionId])) === 1;
}
