import { randomUUID } from "node:crypto";
import { notFound } from "../kernel/errors";
import { readId, type OrgId } from "../kernel/ids";
import { foldKey } from "../kernel/text";
import { operatorOf } from "../domain/access";
import { findInDirectory } from "../platform/lobby";
import type { Caller } from "../platform/caller";
import type { Database } from "../platform/unit-of-work";
import { given, type CommandContext, type CommandOption, type OptionValues } from "./command";

/** The option that names an organization, by slug or id (contract §5). */
export const orgOption: CommandOption = {
  flags: "--org <slug or id>",
  description: "the organization, by its slug or its id",
  required: true,
};

/** One request id for all that a command does, so that the audit log shows it as one. */
export function commandOrigin(): { requestId: string } {
  return { requestId: `cli-${randomUUID()}` };
}

/** Where a command works, and as whom. */
export interface Operation {
  readonly db: Database;
  readonly caller: Caller;
}

/**
 * The operator inside the organization that the options name.
 * @throws PlenumError `not_found`.
 */
export async function operatorIn(context: CommandContext, options: OptionValues): Promise<Operation> {
  const db = await context.database();
  return { db, caller: operatorOf(await organizationOf(db, given(options, "org")), commandOrigin()) };
}

async function organizationOf(db: Database, org: string): Promise<OrgId> {
  const id = readId(org);
  if (id?.kind === "organization") return id.id as OrgId;
  const entry = await findInDirectory(db, "ORG_SLUG", foldKey(org));
  if (!entry) throw notFound("organization");
  return entry.orgId;
}

/**
 * A whole number among the options, or nothing.
 * @throws PlenumError by its use: NaN is refused by the use case that gets it.
 */
export function wholeNumber(value: string | boolean | undefined): number | undefined {
  if (typeof value !== "string") return undefined;
  return /^-?\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}
