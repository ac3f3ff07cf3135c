import { entranceOf, importConnection, startLoginSession } from "../../services/domain/identity";
import type { SessionMethod } from "../../services/domain/identity/sessions.store";
import type { ConnectionId, MemberId } from "../../services/kernel/ids";
import type { Caller } from "../../services/platform/caller";
import { connect, testDatabase } from "./database";
import { idpMetadata } from "./idp-metadata";
import type { KeyPair } from "./saml-kit";
import type { TestOrg } from "./world";

/** A person with a session that stands in the database, begun just now. */
export async function signedIn(org: TestOrg, memberId: MemberId, method: SessionMethod = "SAML"): Promise<Caller> {
  const session = await org.run((tx) => startLoginSession(tx, { memberId, method }), org.system);
  const entrance = entranceOf(session.secret, org.origin)!;
  return org.db.run(entrance, async (tx) => tx.caller);
}

/** Statements as nobody's code could send them: past row security, for setting a scene or looking behind it. */
export async function asSuperuser<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
  const client = await connect((await testDatabase()).superUrl);
  return (await client.query<R>(text, [...values])).rows;
}

/** A connection that the operator has imported: active, with one certificate. */
export async function importedConnection(org: TestOrg, keys: KeyPair, entityId?: string): Promise<ConnectionId> {
  const xml = idpMetadata(keys, entityId === undefined ? {} : { entityId });
  const connection = await org.run((tx) => importConnection(tx, { from: { kind: "metadata", xml } }), org.operator);
  return connection.id;
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
