import type { ConnectionId, MemberId, ScimTokenId, TokenId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { IsNull, MoreThan } from "typeorm";
import { sql, statement } from "../../platform/sql";
import { orm } from "../../platform/open-client";
import type { Tx } from "../../platform/unit-of-work";
import { ApiTokenEntity } from "./api-token.entity";
import { ScimTokenEntity } from "./scim-token.entity";

const add = statement(
  "api-token-add",
  `insert into api_token (org_id, id, name, secret_hash, member_id, role, expires_at, created_at)
   values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7), now())
   returning expires_at as "expiresAt"`,
);

// Held until the commit, so that a suspension is before the token or after it, and never beside it.
const hold = statement(
  "api-token-hold-member",
  `select from member where org_id = $1 and id = $2 and status = 'ACTIVE' for share`,
);
const revoke = statement(
  "api-token-revoke",
  `update api_token set revoked_at = now() where org_id = $1 and id = $2 and revoked_at is null`,
);
const addScim = statement(
  "scim-token-add",
  `insert into scim_token (org_id, id, connection_id, name, kind, secret_hash, scopes, ip_allow, expires_at, created_at)
   values ($1, $2, $3, $4, 'STATIC', $5, $6, $7, now() + make_interval(days => $8), now())
   returning expires_at as "expiresAt"`,
);
const revokeScim = statement(
  "scim-token-revoke",
  `update scim_token set revoked_at = now() where org_id = $1 and id = $2 and revoked_at is null`,
);

// Two rotations of one token wait for each other; the second finds it ending and makes another all the same.
const lockScim = statement(
  "scim-token-lock",
  `select name, scopes, ip_allow as "ipAllow", connection_id as "connectionId" from scim_token
   where org_id = $1 and id = $2 and kind = 'STATIC' and revoked_at is null
     and (expires_at is null or expires_at > now()) for no key update`,
);
// Its end is the database's time, as its expiry is (ruling a13).
const endScim = statement(
  "scim-token-end-within",
  `update scim_token
   set expires_at = least(expires_at, now() + make_interval(hours => $3)),
       revoked_at = case when $3 = 0 then now() end
   where org_id = $1 and id = $2 returning expires_at as "expiresAt"`,
);

/** An API token as the administration sees it: never its secret. */
export type ApiToken = Omit<ApiTokenEntity, "secretHash">;
export type ScimToken = Omit<ScimTokenEntity, "secretHash">;

/** Whether a member is active, which they then stay until the commit. */
export async function holdActiveMember(tx: Tx, id: MemberId): Promise<boolean> {
  return (await sql(tx).exec(hold, [tx.orgId, id])) > 0;
}

export async function insertToken(
  tx: Tx,
  token: { id: TokenId; name: string; hash: Buffer; memberId: MemberId | null; role: Role; validDays: number },
): Promise<Date> {
  const { id, name, hash, memberId, role, validDays } = token;
  const row = await sql(tx).one<{ expiresAt: Date }>(add, [tx.orgId, id, name, hash, memberId, role, validDays]);
  return row.expiresAt;
}

export async function revokeTokenRow(tx: Tx, id: TokenId): Promise<boolean> {
  return (await sql(tx).exec(revoke, [tx.orgId, id])) === 1;
}

/** The live tokens, newest first. */
export async function listTokenRows(tx: Tx): Promise<ApiToken[]> {
  return (await orm(tx)).find(ApiTokenEntity, {
    where: { orgId: tx.orgId, revokedAt: IsNull(), expiresAt: MoreThan(tx.now) },
    order: { createdAt: "DESC", id: "DESC" },
    take: 100,
  });
}

/** The SCIM tokens that are not revoked, newest first. */
export async function listScimTokenRows(tx: Tx): Promise<ScimToken[]> {
  return (await orm(tx)).find(ScimTokenEntity, {
    where: { orgId: tx.orgId, revokedAt: IsNull() },
    order: { createdAt: "DESC", id: "DESC" },
    take: 100,
  });
}

export async function insertScimToken(
  tx: Tx,
  token: {
    id: ScimTokenId;
    connectionId: ConnectionId;
    name: string;
    hash: Buffer;
    scopes: readonly string[];
    ipAllow: readonly string[];
    validDays: number | null;
  },
): Promise<Date | null> {
  const { id, connectionId, name, hash } = token;
  const lists = [JSON.stringify(token.scopes), JSON.stringify(token.ipAllow)];
  const values = [tx.orgId, id, connectionId, name, hash, ...lists, token.validDays];
  return (await sql(tx).one<{ expiresAt: Date | null }>(addScim, values)).expiresAt;
}

export async function revokeScimTokenRow(tx: Tx, id: ScimTokenId): Promise<boolean> {
  return (await sql(tx).exec(revokeScim, [tx.orgId, id])) === 1;
}

/** A static token that works, held until the end of the unit. */
export async function lockScimToken(
  tx: Tx,
  id: ScimTokenId,
): Promise<{ name: string; scopes: string[]; ipAllow: string[]; connectionId: ConnectionId } | undefined> {
  return sql(tx).maybe(lockScim, [tx.orgId, id]);
}

/** Lets a token end after some hours, or before if it expires before; answers when. */
export async function endScimTokenWithin(tx: Tx, id: ScimTokenId, hours: number): Promise<Date> {
  return (await sql(tx).one<{ expiresAt: Date }>(endScim, [tx.orgId, id, hours])).expiresAt;
}
