import { notFound } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission } from "../access";
import type { Organization } from "./organization";
import { findOrganizationRow, lockOrganizationRow } from "./organizations.store";

/** The organization of this unit of work. */
export async function getOrganization(tx: Tx): Promise<Organization> {
  requirePermission(tx, "organization:read");
  return loadOrganization(tx);
}

/** The same for use cases that need its settings whatever the caller may read. */
export async function loadOrganization(tx: Tx): Promise<Organization> {
  const organization = await findOrganizationRow(tx);
  if (!organization) throw notFound("organization");
  return organization;
}

/** Locked until the end of the unit; counters last in the order of locks (ruling a10). */
export async function lockOrganization(tx: Tx): Promise<Organization> {
  return lockOrganizationRow(tx);
}
