import type { Client } from "pg";
import { headSigner, sealEntries, verifyEntries, type Sealed, type Verification } from "../../../services/domain/audit";
import { connect, testDatabase } from "../../support/database";
import type { TestOrg } from "../../support/world";

export const signer = headSigner("the key that signs the heads of the tests' chains");

export const seal = (org: TestOrg): Promise<Sealed> => org.run((tx) => sealEntries(tx, { signer }), org.system);

export const verify = (org: TestOrg): Promise<Verification> => org.run((tx) => verifyEntries(tx, { signer }));

/** What stands behind row security, privileges and policies: a superuser who rewrites history. */
export async function superuser(): Promise<Client> {
  return connect((await testDatabase()).superUrl);
}
