import { PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireEntitlement } from "../organizations";
import { requireFreshSession } from "./administrator";
import { lockLive } from "./change-connection";
import type { Connection } from "./connection";
import { updateConnection } from "./connection.store";

/** What an administrator may choose; a preview is begun and ended otherwise. */
export type ScimSwitch = "ON" | "PAUSED" | "OFF";

/**
 * Switches provisioning of a connection on, off, or lets it wait. Tokens stay and are refused meanwhile; members stay as
 * they are (SCIM-192). Switching on asks what the first token asked for: the entitlement, and sign-in first (ORG-09).
 * @throws PlenumError `conflict` in a preview; `entitlement_required`, `sso_required_first`, `not_found`,
 * `stale_version`.
 */
export const switchScim = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId; to: ScimSwitch; ifVersion?: string }): Promise<void> => {
    await requireFreshSession(tx);
    const before = await lockLive(tx, input.id, input.ifVersion);
    if (before.scimState === input.to) return;
    if (before.scimState === "PREVIEW") {
      throw new PlenumError("conflict", "the connection is in a preview: apply or discard it", { state: "PREVIEW" });
    }
    if (before.scimState === "OFF" && input.to === "PAUSED") {
      throw new PlenumError("conflict", "what is off cannot wait", { from: "OFF", to: "PAUSED", next: ["ON"] });
    }
    if (input.to === "ON") await requireReady(tx, before);

    // Once people are known by SCIM, signing in makes no new ones, unless somebody chose otherwise (ruling 12).
    const begins = before.scimState === "OFF" && input.to === "ON" && before.options.provisioningChosen !== true;
    const provisioning = begins ? "existing" : before.provisioning;
    await updateConnection(tx, { ...before, scimState: input.to, provisioning });

    const facts = { from: before.scimState, to: input.to };
    tx.audit({ action: "scim.switch", target: { kind: "connection", id: input.id }, facts });
    tx.emit({ name: "connection.changed", connectionId: input.id });
  },
  "switchScim",
);

/**
 * What an administrator needs to begin or to apply a preview: either leads to provisioning that is on, so it takes no
 * less than switching it on by hand (SCIM-197, ORG-09).
 * @throws PlenumError `forbidden` for an old session; `not_found`; unless it was on before, `entitlement_required` and
 * `sso_required_first`.
 */
export async function requireMaySwitchOn(
  tx: Tx,
  connection: { readonly id: ConnectionId; readonly wasOn: boolean },
): Promise<void> {
  await requireFreshSession(tx);
  const locked = await lockLive(tx, connection.id);
  if (!connection.wasOn) await requireReady(tx, locked);
}

async function requireReady(tx: Tx, { samlState, vouchedByOperator }: Connection): Promise<void> {
  await requireEntitlement(tx, "sso");
  if (samlState !== "ACTIVE" && !vouchedByOperator && tx.caller.kind !== "operator") {
    throw new PlenumError("sso_required_first", "SCIM is switched on after single sign-on is active", {});
  }
}
