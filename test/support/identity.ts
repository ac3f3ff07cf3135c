import {
  addConnection,
  addExemption,
  beginAuthenticator,
  dryRunEnforcement,
  entranceOf,
  finishAuthenticator,
  importConnection,
  setEnforcement,
  startLoginSession,
} from "../../services/domain/identity";
import { codeOf, stepAt } from "../../services/domain/identity/totp";
import { storeSpKey } from "../../services/domain/identity/rotate-sp-key";
import type { SessionMethod } from "../../services/domain/identity/sessions.store";
import { newId, type ConnectionId, type MemberId } from "../../services/kernel/ids";
import type { Caller } from "../../services/platform/caller";
import { connect, testDatabase } from "./database";
import { idpMetadata } from "./idp-metadata";
import { makeKeys, type KeyPair } from "./saml-kit";
import type { TestOrg } from "./world";

/** A person with a session that stands in the database, begun just now. */
export async function signedIn(org: TestOrg, memberId: MemberId, method: SessionMethod = "SAML"): Promise<Caller> {
  const session = await org.run((tx) => startLoginSession(tx, { memberId, method }), org.system);
  const entrance = entranceOf(session.secret, org.origin)!;
  return org.db.run(entrance, async (tx) => tx.caller);
}

let superuser: ReturnType<typeof connect> | undefined;

/** Statements as nobody's code could send them: past row security, for setting a scene or looking behind it. */
export async function asSuperuser<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
  superuser ??= testDatabase().then(({ superUrl }) => connect(superUrl));
  const client = await superuser;
  return (await client.query<R>(text, [...values])).rows;
}

let spKey: Promise<KeyPair> | undefined;

/** A connection that the operator has imported: active, with one certificate, and a key of ours made only once a file. */
export async function importedConnection(org: TestOrg, keys: KeyPair): Promise<ConnectionId> {
  const xml = idpMetadata(keys);
  const made = await (spKey ??= makeKeys("sp"));
  const validity = { validFrom: new Date("2020-01-01"), validTo: new Date("2036-01-01") };
  return org.run(async (tx) => {
    const connectionId = await addConnection(tx, "SAML");
    await storeSpKey(tx, { connectionId, use: "SIGNING", made, ...validity });
    await importConnection(tx, { connectionId, from: { kind: "metadata", xml } });
    return connectionId;
  }, org.operator);
}

/** Takes what a refusal says, so that code and facts are asserted together. */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; facts: Record<string, unknown> } | "done"> {
  return work.then(
    () => "done" as const,
    (error: { code: string; facts: Record<string, unknown> }) => ({ code: error.code, facts: error.facts }),
  );
}

/** An authenticator app in the test's hand. */
export interface SoftAuthenticator {
  readonly recoveryCodes: string[];
  code(at: Date): string;
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function unbase32(text: string): Buffer {
  const bits = text
    .split("")
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** Registers an authenticator as its owner would, signed in. */
export async function registerAuthenticator(org: TestOrg, memberId: MemberId): Promise<SoftAuthenticator> {
  const caller = await signedIn(org, memberId);
  const { secret } = await org.run((tx) => beginAuthenticator(tx, { label: "phone" }), caller);
  const code = (at: Date) => codeOf(unbase32(secret), stepAt(at));
  const typed = code(org.db.clock.now());
  const { recoveryCodes } = await org.run((tx) => finishAuthenticator(tx, { code: typed }), caller);
  return { code, recoveryCodes: [...recoveryCodes] };
}

/** Notes a test run, as the SAML door does at its end. */
export async function testRun(
  org: TestOrg,
  connectionId: ConnectionId,
  memberId: MemberId,
  passed = true,
): Promise<void> {
  await asSuperuser(
    `insert into saml_test_run (org_id, id, connection_id, started_by, report, passed, created_at, purge_after)
     values ($1, $2, $3, $4, '{}', $5, $6, $6)`,
    [org.orgId, newId("session"), connectionId, memberId, passed, org.db.clock.now()],
  );
}

/** Lists an owner for break-glass and requires single sign-on, as an owner who has done everything would. */
export async function requireSso(org: TestOrg, connectionId: ConnectionId): Promise<SoftAuthenticator> {
  const authenticator = await registerAuthenticator(org, org.ownerId);
  const owner = await signedIn(org, org.ownerId);
  await org.run((tx) => addExemption(tx, { kind: "BREAK_GLASS", memberId: org.ownerId }), owner);
  await testRun(org, connectionId, org.ownerId);
  const { digest } = await org.run((tx) => dryRunEnforcement(tx, {}), owner);
  await org.run((tx) => setEnforcement(tx, { policy: "REQUIRED", acknowledged: digest }), owner);
  return authenticator;
}
