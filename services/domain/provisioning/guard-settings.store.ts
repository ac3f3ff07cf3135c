import type { ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { GuardMode } from "./guard.rules";

export interface ProvisioningSettings {
  readonly mode: GuardMode;
  readonly minimum: number;
  readonly percent: number;
  readonly managedFields: readonly string[];
}

const settings = `select guard_mode as mode, guard_minimum as minimum, guard_percent as percent, managed_fields as "managedFields"
   from identity_connection where org_id = $1 and id = $2 and deleted_at is null`;
const find = statement("guard-settings-find", settings);
const lock = statement("guard-settings-lock", `${settings} for no key update`);
const update = statement(
  "guard-settings-update",
  `update identity_connection
   set guard_mode = $3, guard_minimum = $4, guard_percent = $5, managed_fields = $6, updated_at = $7, version = version + 1
   where org_id = $1 and id = $2`,
);

export async function findSettings(tx: Tx, id: ConnectionId): Promise<ProvisioningSettings | undefined> {
  return sql(tx).maybe<ProvisioningSettings>(find, [tx.orgId, id]);
}

export async function lockSettings(tx: Tx, id: ConnectionId): Promise<ProvisioningSettings | undefined> {
  return sql(tx).maybe<ProvisioningSettings>(lock, [tx.orgId, id]);
}

export async function updateSettings(tx: Tx, id: ConnectionId, settings: ProvisioningSettings): Promise<void> {
  const { mode, minimum, percent, managedFields } = settings;
  await sql(tx).exec(update, [tx.orgId, id, mode, minimum, percent, JSON.stringify(managedFields), tx.now]);
}
