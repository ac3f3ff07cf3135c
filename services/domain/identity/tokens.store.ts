import type { ConnectionId, MemberId, ScimTokenId, TokenId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { IsNull, MoreThan } from "typeorm";
import { sql, statement } from "../../platform/sql";
import { orm, type Tx } from "../../platform/unit-of-work";
import { ApiTokenEntity } from "./api-token.entity";
import { ScimTokenEntity } from "./scim-token.entity";

const add = statement(
  "api-token-add",
  `insert into api_token (org_id, id, name, secret_hash, member_id, role, expires_at, created_at)
   values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7), now())
   returning expires_at as "expiresAt"`,
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

/** An API token as the administration sees it: never its secret. */
export type ApiToken = Omit<ApiTokenEntity, "secretHash">;
export type ScimToken = Omit<ScimTokenEntity, "secretHash">;

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
  return orm(tx).find(ApiTokenEntity, {
    where: { orgId: tx.orgId, revokedAt: IsNull(), expiresAt: MoreThan(tx.now) },
    order: { createdAt: "DESC", id: "DESC" },
    take: 100,
  });
}

/** The SCIM tokens that are not revoked, newest first. */
export async function listScimTokenRows(tx: Tx): Promise<ScimToken[]> {
  return orm(tx).find(ScimTokenEntity, {
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
