import { invalid, notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findSettings, lockSettings, updateSettings, type ProvisioningSettings } from "./guard-settings.store";
import type { GuardMode } from "./guard.rules";

const modes: readonly GuardMode[] = ["off", "alert", "block"];

/** What of a member an identity provider may hold, so that nobody changes it here and loses it at the next sync. */
export const manageableFields = [
  ...["userName", "formattedName", "familyName", "givenName", "displayName", "title", "department"],
  ...["employeeNumber", "costCenter", "organizationName", "division", "preferredLanguage", "locale", "timeZone"],
] as const;

/** @throws PlenumError `not_found`. */
export const getProvisioningSettings = useCase(
  "provisioning:read",
  async (tx: Tx, input: { connectionId: ConnectionId }): Promise<ProvisioningSettings> => {
    const settings = await findSettings(tx, input.connectionId);
    if (!settings) throw notFound("connection");
    return settings;
  },
  "getProvisioningSettings",
);

/**
 * Changes what a connection may do unasked, and which fields of its members are read only here (SCIM-190, SCIM-191).
 * @throws PlenumError `not_found`, `invalid` naming the field.
 */
export const changeProvisioningSettings = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId } & Partial<ProvisioningSettings>,
  ): Promise<ProvisioningSettings> => {
    const { connectionId, ...change } = input;
    const before = await lockSettings(tx, connectionId);
    if (!before) throw notFound("connection");
    const after = checked({ ...before, ...change });

    await updateSettings(tx, connectionId, after);

    tx.audit({
      action: "connection.provisioning",
      target: { kind: "connection", id: connectionId },
      facts: { before, after },
    });
    tx.emit({ name: "connection.changed", connectionId });
    return after;
  },
  "changeProvisioningSettings",
);

function checked(settings: ProvisioningSettings): ProvisioningSettings {
  const { mode, minimum, percent, managedFields } = settings;
  if (!modes.includes(mode)) throw invalid("mode", modes.join(", "), mode);
  if (!isWithin(minimum, 1_000_000)) throw invalid("minimum", "a whole number from 1 to 1000000", minimum);
  if (!isWithin(percent, 100)) throw invalid("percent", "a whole number from 1 to 100", percent);
  const unknown = managedFields.find((field) => !manageableFields.some((known) => known === field));
  if (unknown !== undefined) throw invalid("managedFields", manageableFields.join(", "), unknown);
  return { ...settings, managedFields: [...new Set(managedFields)] };
}

function isWithin(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
