import type { ConnectionId, OAuthClientId, ScimTokenId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { ClientKey } from "./client-keys";

/** A client that gets tokens for one connection; without its secret (SCIM-042). */
export interface OAuthClient {
  readonly id: OAuthClientId;
  readonly connectionId: ConnectionId;
  /** What it calls itself at the token endpoint. */
  readonly clientId: string;
  readonly name: string;
  readonly jwks: { readonly keys: readonly ClientKey[] } | null;
  readonly scopes: readonly string[];
  readonly ipAllow: readonly string[];
  /** Until when the secret before the present one still counts. */
  readonly oldSecretUntil: Date | null;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
}

/** The same with what is compared with a presented secret; the old one only while it counts. */
export interface ClientWithSecrets extends OAuthClient {
  readonly secretHash: Buffer | null;
  readonly oldSecretHash: Buffer | null;
}

const columns = `o.id, o.connection_id as "connectionId", o.client_id as "clientId", o.name, o.jwks, o.scopes,
  o.ip_allow as "ipAllow", case when o.old_secret_until > now() then o.old_secret_until end as "oldSecretUntil",
  o.last_used_at as "lastUsedAt", o.created_at as "createdAt"`;
const live = `o.org_id = $1 and o.revoked_at is null`;

const add = statement(
  "oauth-client-add",
  `insert into oauth_client (org_id, id, connection_id, client_id, name, secret_hash, jwks, scopes, ip_allow, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
);
const list = statement(
  "oauth-client-list",
  `select ${columns} from oauth_client o where ${live} order by o.created_at desc, o.id desc limit 100`,
);
const lock = statement(
  "oauth-client-lock",
  `select ${columns}, o.secret_hash as "secretHash",
     case when o.old_secret_until > now() then o.old_secret_hash end as "oldSecretHash"
   from oauth_client o where ${live} and o.id = $2 for no key update`,
);
const find = statement(
  "oauth-client-find",
  `select ${columns}, o.secret_hash as "secretHash",
     case when o.old_secret_until > now() then o.old_secret_hash end as "oldSecretHash"
   from oauth_client o
   join identity_connection c on c.org_id = o.org_id and c.id = o.connection_id and c.deleted_at is null
   where ${live} and o.id = $2`,
);
const newSecret = statement(
  "oauth-client-new-secret",
  `update oauth_client
   set old_secret_hash = secret_hash, old_secret_until = now() + make_interval(hours => $4), secret_hash = $3
   where org_id = $1 and id = $2`,
);
const newKeys = statement("oauth-client-new-keys", `update oauth_client set jwks = $3 where org_id = $1 and id = $2`);
// Its tokens end with it, on every replica: they are looked up at each request.
const revoke = statement(
  "oauth-client-revoke",
  `with tokens as (
     update scim_token set revoked_at = now() where org_id = $1 and client_id = $2 and revoked_at is null
   )
   update oauth_client set revoked_at = now() where org_id = $1 and id = $2 and revoked_at is null`,
);
// What has expired a day ago is of no use to anybody: whoever comes for a new token sweeps their own old ones.
const issue = statement(
  "oauth-token-issue",
  `with swept as (
     delete from scim_token where org_id = $1 and client_id = $4 and expires_at < now() - interval '1 day'
   ), used as (
     update oauth_client set last_used_at = now()
     where org_id = $1 and id = $4 and (last_used_at is null or last_used_at < now() - interval '5 minutes')
   )
   insert into scim_token
     (org_id, id, connection_id, client_id, name, kind, secret_hash, scopes, ip_allow, expires_at, created_at)
   values ($1, $2, $3, $4, $5, 'OAUTH', $6, $7, $8, now() + make_interval(secs => $9), now())`,
);
const useAssertion = statement(
  "oauth-assertion-use",
  `insert into oauth_assertion (org_id, client_id, jti_hash, expires_at) values ($1, $2, $3, $4) on conflict do nothing`,
);

export async function insertClient(
  tx: Tx,
  client: Pick<OAuthClient, "id" | "connectionId" | "clientId" | "name" | "jwks" | "scopes" | "ipAllow">,
  secretHash: Buffer | null,
): Promise<void> {
  const { id, connectionId, clientId, name, jwks } = client;
  const lists = [JSON.stringify(client.scopes), JSON.stringify(client.ipAllow)];
  const keys = jwks === null ? null : JSON.stringify(jwks);
  await sql(tx).exec(add, [tx.orgId, id, connectionId, clientId, name, secretHash, keys, ...lists]);
}

/** The clients that are not revoked, newest first. */
export async function listClientRows(tx: Tx): Promise<OAuthClient[]> {
  return sql(tx).many<OAuthClient>(list, [tx.orgId]);
}

export async function lockClient(tx: Tx, id: OAuthClientId): Promise<ClientWithSecrets | undefined> {
  return sql(tx).maybe<ClientWithSecrets>(lock, [tx.orgId, id]);
}

/** A client that is not revoked, of a connection that is not deleted. */
export async function findClient(tx: Tx, id: OAuthClientId): Promise<ClientWithSecrets | undefined> {
  return sql(tx).maybe<ClientWithSecrets>(find, [tx.orgId, id]);
}

/** Replaces the secret; the present one counts for some hours more. */
export async function replaceSecret(tx: Tx, id: OAuthClientId, hash: Buffer, overlapHours: number): Promise<void> {
  await sql(tx).exec(newSecret, [tx.orgId, id, hash, overlapHours]);
}

export async function replaceKeys(tx: Tx, id: OAuthClientId, keys: readonly ClientKey[]): Promise<void> {
  await sql(tx).exec(newKeys, [tx.orgId, id, JSON.stringify({ keys })]);
}

/** Ends a client and its tokens; false when there is none that lives. */
export async function revokeClientRow(tx: Tx, id: OAuthClientId): Promise<boolean> {
  return (await sql(tx).exec(revoke, [tx.orgId, id])) === 1;
}

export async function insertIssuedToken(
  tx: Tx,
  token: { id: ScimTokenId; hash: Buffer; scopes: readonly string[]; seconds: number },
  client: OAuthClient,
): Promise<void> {
  const { id, hash, scopes, seconds } = token;
  const lists = [JSON.stringify(scopes), JSON.stringify(client.ipAllow)];
  await sql(tx).exec(issue, [tx.orgId, id, client.connectionId, client.id, client.name, hash, ...lists, seconds]);
}

/** Notes an assertion; false when it was used before. */
export async function markAssertion(tx: Tx, id: OAuthClientId, jtiHash: Buffer, expiresAt: Date): Promise<boolean> {
  return (await sql(tx).exec(useAssertion, [tx.orgId, id, jtiHash, expiresAt])) === 1;
}
