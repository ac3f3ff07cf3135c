import { createHash } from "node:crypto";
import { dayMs, plusMs } from "../kernel/clock";
import { invalid, PlenumError } from "../kernel/errors";
import { actorId } from "./caller";
import { canonical } from "./outbox";
import { sql, statement } from "./sql";
import type { Tx } from "./unit-of-work";

const claim = statement(
  "idempotency-claim",
  `insert into idempotency_key (org_id, actor_id, operation, key, request_hash, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (org_id, actor_id, operation, key) do nothing`,
);
const find = statement(
  "idempotency-find",
  `select request_hash, response from idempotency_key
   where org_id = $1 and actor_id = $2 and operation = $3 and key = $4`,
);
const answer = statement(
  "idempotency-answer",
  `update idempotency_key set response = $5 where org_id = $1 and actor_id = $2 and operation = $3 and key = $4`,
);

export interface Once<T> {
  readonly value: T;
  /** Whether the answer was stored by an earlier, equal request. */
  readonly replayed: boolean;
}

/**
 * Runs `work` once per (organization, actor, operation, key), in the transaction of its effect (REL-10). The same key
 * with the same input answers what was stored; a refusal stores nothing, so it may be tried again (ruling 5). A
 * concurrent duplicate waits for the first, at most the lock time-out.
 * @param request.input anything JSON can say; `work` answers something JSON can say.
 * @throws PlenumError `idempotency_key_reused` when the input differs.
 */
export async function once<T>(
  tx: Tx,
  request: { operation: string; key: string | undefined; input: unknown },
  work: () => Promise<T>,
): Promise<Once<T>> {
  const { operation, key } = request;
  if (key === undefined) return { value: await work(), replayed: false };
  if (key.length === 0 || key.length > 255) throw invalid("idempotencyKey", "1 to 255 characters", key.length);
  const address = [tx.orgId, actorId(tx.caller), operation, key];
  const hash = createHash("sha256").update(canonical(request.input)).digest();
  const fresh = await sql(tx).exec(claim, [...address, hash, tx.now, plusMs(tx.now, 2 * dayMs)]);
  if (fresh === 0) {
    const stored = await sql(tx).one<{ request_hash: Buffer; response: T }>(find, address);
    if (!stored.request_hash.equals(hash)) {
      throw new PlenumError("idempotency_key_reused", "this key was used with another input", { operation });
    }
    return { value: stored.response, replayed: true };
  }
  const value = await work();
  await sql(tx).exec(answer, [...address, JSON.stringify(value)]);
  return { value, replayed: false };
}
