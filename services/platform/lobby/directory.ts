import { PlenumError } from "../../kernel/errors";
import type { OrgId } from "../../kernel/ids";
import { lobbySql, sql, statement } from "../sql";
import type { Database, Tx } from "../unit-of-work";

/** Names that one organization in the world holds: those that stand in a path or are looked up without a tenant. */
export type DirectoryKind = "ORG_SLUG" | "CONNECTION" | "SP_ENTITY_ID" | "DOMAIN";

export interface DirectoryEntry {
  readonly orgId: OrgId;
  readonly targetId: string;
}

const find = statement(
  "directory-find",
  `select org_id as "orgId", target_id as "targetId" from directory where name_norm = $1 and kind = $2`,
);
const claim = statement(
  "directory-claim",
  `insert into directory (name_norm, kind, org_id, target_id, claimed_at, confirmed_at) values ($1, $2, $3, $4, $5, $5)
   on conflict (name_norm, kind) do nothing`,
);
const release = statement(
  "directory-release",
  `delete from directory where name_norm = $1 and kind = $2 and org_id = $3`,
);

/** Who holds a name, or nothing. It may be anything that stands in a path: PostgreSQL knows no text with U+0000. */
export async function findInDirectory(
  db: Database,
  kind: DirectoryKind,
  nameNorm: string,
): Promise<DirectoryEntry | undefined> {
  if (nameNorm.includes("\u0000")) return undefined;
  return lobbySql(db).maybe<DirectoryEntry>(find, [nameNorm, kind]);
}

/** The same inside a unit of work. */
export async function lookUpName(tx: Tx, kind: DirectoryKind, nameNorm: string): Promise<DirectoryEntry | undefined> {
  return sql(tx).maybe<DirectoryEntry>(find, [nameNorm, kind]);
}

/**
 * Takes a name for the running organization, in its own transaction: on one database claim and tenant row commit
 * together, so there is nothing to confirm later.
 * @throws PlenumError `duplicate` when another organization holds it.
 */
export async function claimName(tx: Tx, kind: DirectoryKind, nameNorm: string, targetId: string): Promise<void> {
  const claimed = await sql(tx).exec(claim, [nameNorm, kind, tx.orgId, targetId, tx.now]);
  if (claimed === 0) throw new PlenumError("duplicate", "this name is taken", { field: fieldOf[kind], name: nameNorm });
}

const fieldOf: Readonly<Record<DirectoryKind, string>> = {
  ORG_SLUG: "slug",
  CONNECTION: "connection",
  SP_ENTITY_ID: "entityId",
  DOMAIN: "domain",
};

/** Gives a name of the running organization back. */
export async function releaseName(tx: Tx, kind: DirectoryKind, nameNorm: string): Promise<void> {
  await sql(tx).exec(release, [nameNorm, kind, tx.orgId]);
}
