import type { CredentialId, PersonId } from "../../kernel/ids";
import { sql, statement } from "../sql";
import type { Tx } from "../unit-of-work";

/** How a person proves themselves when their identity provider does not work. */
export type CredentialKind = "PASSKEY" | "TOTP" | "RECOVERY";

/** A credential without its secret. */
export interface Credential {
  readonly id: CredentialId;
  readonly kind: CredentialKind;
  readonly label: string;
  readonly confirmedAt: Date | null;
  readonly usedAt: Date | null;
  readonly createdAt: Date;
}

export interface Passkey {
  readonly id: CredentialId;
  readonly personId: PersonId;
  readonly externalId: string;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[];
}

export interface TotpKey {
  readonly id: CredentialId;
  readonly secretSealed: Buffer;
}

// Every statement names the organization in which the credential was registered: it opens no other (SAML-63).
const list = statement(
  "credential-list",
  `select id, kind, label, confirmed_at as "confirmedAt", used_at as "usedAt", created_at as "createdAt"
   from person_credential where org_id = $1 and person_id = $2 order by created_at, id limit 100`,
);
const addPasskey = statement(
  "credential-add-passkey",
  `insert into person_credential (person_id, id, org_id, kind, label, external_id, public_key, sign_count, transports,
     confirmed_at, created_at)
   values ($2, $3, $1, 'PASSKEY', $4, $5, $6, $7, $8, $9, $9)`,
);
const addTotp = statement(
  "credential-add-totp",
  `with gone as (
     delete from person_credential
     where org_id = $1 and person_id = $2 and kind = 'TOTP' and confirmed_at is null)
   insert into person_credential (person_id, id, org_id, kind, label, secret_enc, created_at)
   values ($2, $3, $1, 'TOTP', $4, $5, $6)`,
);
const findTotp = statement(
  "credential-totp",
  `select id, secret_enc as "secretSealed" from person_credential
   where org_id = $1 and person_id = $2 and kind = 'TOTP' and (confirmed_at is not null) = $3
   order by created_at desc limit 1`,
);
const confirmTotp = statement(
  "credential-confirm-totp",
  `with old as (
     delete from person_credential
     where org_id = $1 and person_id = $2 and kind = 'TOTP' and confirmed_at is not null and id <> $3)
   update person_credential set confirmed_at = $4, last_step = $5
   where org_id = $1 and person_id = $2 and id = $3 and confirmed_at is null`,
);
// A step is good once: what was read over a shoulder is worth nothing (RFC 6238 §5.2).
const useTotp = statement(
  "credential-use-totp",
  `update person_credential set last_step = $4, used_at = $5
   where org_id = $1 and person_id = $2 and id = $3 and confirmed_at is not null and last_step < $4`,
);
const replaceRecovery = statement(
  "credential-replace-recovery",
  `with gone as (delete from person_credential where org_id = $1 and person_id = $2 and kind = 'RECOVERY')
   insert into person_credential (person_id, id, org_id, kind, label, secret_hash, confirmed_at, created_at)
   select $2, c.id, $1, 'RECOVERY', '', decode(c.hash, 'hex'), $4, $4
   from jsonb_to_recordset($3::jsonb) as c (id uuid, hash text)`,
);
const spendRecovery = statement(
  "credential-spend-recovery",
  `update person_credential set used_at = $4
   where org_id = $1 and person_id = $2 and kind = 'RECOVERY' and secret_hash = $3 and used_at is null`,
);
const findPasskey = statement(
  "credential-passkey",
  `select id, person_id as "personId", external_id as "externalId", public_key as "publicKey",
     sign_count::integer as "signCount", transports
   from person_credential where org_id = $1 and external_id = $2 and kind = 'PASSKEY'`,
);
// The counter of an authenticator only grows; a copy of the key falls behind (WebAuthn §6.1.1).
const usePasskey = statement(
  "credential-use-passkey",
  `update person_credential set sign_count = $4, used_at = $5
   where org_id = $1 and person_id = $2 and id = $3 and (sign_count < $4 or (sign_count = 0 and $4 = 0))`,
);
const passkeyIds = statement(
  "credential-passkey-ids",
  `select external_id as "externalId" from person_credential
   where org_id = $1 and person_id = $2 and kind = 'PASSKEY'`,
);
const remove = statement(
  "credential-remove",
  `delete from person_credential where org_id = $1 and person_id = $2 and id = $3 returning kind`,
);
const able = statement(
  "credential-able",
  `select person_id as "personId" from person_credential
   where org_id = $1 and person_id = any ($2::uuid[])
   group by person_id
   having bool_or(kind = 'PASSKEY')
     or (bool_or(kind = 'TOTP' and confirmed_at is not null) and bool_or(kind = 'RECOVERY' and used_at is null))`,
);

/** A person's credentials in the running organization. */
export async function listCredentialRows(tx: Tx, personId: PersonId): Promise<Credential[]> {
  return sql(tx).many<Credential>(list, [tx.orgId, personId]);
}

export async function insertPasskey(tx: Tx, passkey: Passkey & { readonly label: string }): Promise<void> {
  const { id, personId, label, externalId, publicKey, signCount, transports } = passkey;
  const values = [label, externalId, publicKey, signCount, JSON.stringify(transports), tx.now];
  await sql(tx).exec(addPasskey, [tx.orgId, personId, id, ...values]);
}

/** Keeps an authenticator's secret until a code of it proves that it was taken over. */
export async function insertTotp(
  tx: Tx,
  totp: TotpKey & { readonly personId: PersonId; readonly label: string },
): Promise<void> {
  await sql(tx).exec(addTotp, [tx.orgId, totp.personId, totp.id, totp.label, totp.secretSealed, tx.now]);
}

/** The authenticator in use, or the one that waits for its first code. */
export async function findTotpKey(tx: Tx, personId: PersonId, confirmed: boolean): Promise<TotpKey | undefined> {
  return sql(tx).maybe<TotpKey>(findTotp, [tx.orgId, personId, confirmed]);
}

/** Puts a waiting authenticator into use, in place of the one before; false when it is gone. */
export async function confirmTotpKey(tx: Tx, personId: PersonId, id: CredentialId, step: number): Promise<boolean> {
  return (await sql(tx).exec(confirmTotp, [tx.orgId, personId, id, tx.now, step])) === 1;
}

/** Spends one step of the authenticator's time; false when it or a later one was used. */
export async function useTotpStep(tx: Tx, personId: PersonId, id: CredentialId, step: number): Promise<boolean> {
  return (await sql(tx).exec(useTotp, [tx.orgId, personId, id, step, tx.now])) === 1;
}

/** New recovery codes; the old ones are worth nothing from now on. */
export async function replaceRecoveryCodes(
  tx: Tx,
  personId: PersonId,
  codes: readonly { readonly id: CredentialId; readonly hash: Buffer }[],
): Promise<void> {
  const rows = codes.map(({ id, hash }) => ({ id, hash: hash.toString("hex") }));
  await sql(tx).exec(replaceRecovery, [tx.orgId, personId, JSON.stringify(rows), tx.now]);
}

/** Spends a recovery code, once. */
export async function spendRecoveryCode(tx: Tx, personId: PersonId, hash: Buffer): Promise<boolean> {
  return (await sql(tx).exec(spendRecovery, [tx.orgId, personId, hash, tx.now])) === 1;
}

export async function findPasskeyRow(tx: Tx, externalId: string): Promise<Passkey | undefined> {
  return sql(tx).maybe<Passkey>(findPasskey, [tx.orgId, externalId]);
}

/** The keys that a person has already, so that the browser makes none twice. */
export async function listPasskeyIds(tx: Tx, personId: PersonId): Promise<string[]> {
  const rows = await sql(tx).many<{ externalId: string }>(passkeyIds, [tx.orgId, personId]);
  return rows.map((row) => row.externalId);
}

/** Notes the use of a passkey; false when its counter did not grow. */
export async function usePasskeyRow(
  tx: Tx,
  passkey: { readonly id: CredentialId; readonly personId: PersonId },
  signCount: number,
): Promise<boolean> {
  return (await sql(tx).exec(usePasskey, [tx.orgId, passkey.personId, passkey.id, signCount, tx.now])) === 1;
}

export async function deleteCredential(
  tx: Tx,
  personId: PersonId,
  id: CredentialId,
): Promise<CredentialKind | undefined> {
  return (await sql(tx).maybe<{ kind: CredentialKind }>(remove, [tx.orgId, personId, id]))?.kind;
}

/** Which of these people could break the glass now: a passkey, or an authenticator and a recovery code (ruling 8). */
export async function personsAbleToBreakGlass(tx: Tx, personIds: readonly PersonId[]): Promise<ReadonlySet<PersonId>> {
  if (personIds.length === 0) return new Set();
  const rows = await sql(tx).many<{ personId: PersonId }>(able, [tx.orgId, personIds]);
  return new Set(rows.map((row) => row.personId));
}
