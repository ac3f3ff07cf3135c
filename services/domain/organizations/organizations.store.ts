import type { OrgId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { Organization } from "./organization";

const columns = `org_id as "orgId", name, slug, kind, parent_org_id as "parentOrgId", status, locale,
  time_zone as "timeZone", currency, owners, free_member_limit as "freeMemberLimit",
  free_member_used as "freeMemberUsed", seat_policy as "seatPolicy", expand_ceiling as "expandCeiling",
  created_at as "createdAt", version`;

const find = statement("organization-find", `select ${columns} from organization where org_id = $1`);
const lock = statement("organization-lock", `select ${columns} from organization where org_id = $1 for no key update`);
const add = statement(
  "organization-add",
  `insert into organization (org_id, name, slug, locale, time_zone, currency, owners, free_member_limit, created_at,
                             updated_at)
   values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $8)`,
);
const change = statement(
  "organization-change",
  `update organization
   set name = $2, locale = $3, time_zone = $4, currency = $5, seat_policy = $6, expand_ceiling = $7, slug = $8,
       updated_at = $9, version = version + 1
   where org_id = $1`,
);
const moveOwners = statement(
  "organization-move-owners",
  `update organization set owners = owners + $2, authz_version = authz_version + 1 where org_id = $1`,
);
const takeFreePlace = statement(
  "organization-take-free-place",
  `update organization set free_member_used = free_member_used + 1
   where org_id = $1 and (free_member_limit is null or free_member_used < free_member_limit)`,
);
const releaseFreePlace = statement(
  "organization-release-free-place",
  `update organization set free_member_used = free_member_used - 1 where org_id = $1`,
);

export async function findOrganizationRow(tx: Tx): Promise<Organization | undefined> {
  return sql(tx).maybe<Organization>(find, [tx.orgId]);
}

export async function lockOrganizationRow(tx: Tx): Promise<Organization> {
  return sql(tx).one<Organization>(lock, [tx.orgId]);
}

export async function insertOrganization(
  tx: Tx,
  o: { name: string; slug: string; locale: string; timeZone: string; currency: string; freeMemberLimit: number | null },
): Promise<OrgId> {
  const values = [tx.orgId, o.name, o.slug, o.locale, o.timeZone, o.currency, o.freeMemberLimit, tx.now];
  await sql(tx).exec(add, values);
  return tx.orgId;
}

export async function updateOrganization(tx: Tx, o: Organization): Promise<void> {
  const values = [tx.orgId, o.name, o.locale, o.timeZone, o.currency, o.seatPolicy, o.expandCeiling, o.slug, tx.now];
  await sql(tx).exec(change, values);
}

/** Moves the owner counter; the CHECK refuses the last owner's leaving whatever the concurrency (ruling 8). */
export async function moveOwnerCount(tx: Tx, by: 1 | -1): Promise<void> {
  await sql(tx).exec(moveOwners, [tx.orgId, by]);
}

/** Takes a place of the free plan, or answers false. */
export async function takeFreePlaceRow(tx: Tx): Promise<boolean> {
  return (await sql(tx).exec(takeFreePlace, [tx.orgId])) === 1;
}

export async function releaseFreePlaceRow(tx: Tx): Promise<void> {
  await sql(tx).exec(releaseFreePlace, [tx.orgId]);
}
