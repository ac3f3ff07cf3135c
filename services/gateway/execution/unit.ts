import { PlenumError, type Facts } from "../../kernel/errors";
import { requirePermission } from "../../domain/access";
import type { Permission } from "../../platform/caller";
import type { Entrance, Tx } from "../../platform/unit-of-work";
import type { Gateway, GatewayContext } from "../context";

/**
 * One unit of work for one root field. Work whose time is up is rolled back although it may have succeeded: its answer
 * would reach nobody (GQL-32). A denied access leaves a line in the audit log (SEC-50).
 */
export async function inUnitOfWork<T>(context: GatewayContext, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { entrance, gateway, reply } = context;
  if (!entrance) throw new PlenumError("unauthenticated", "sign in first", {});
  return gateway.db.run(
    entrance,
    async (tx) => {
      const result = await work(tx);
      if (reply.isLate) throw new PlenumError("unavailable", "the time of this operation is up", {});
      return result;
    },
    { aftermath: noteDenial },
  );
}

/**
 * Asks whether the caller may, in a unit of work of its own: for what goes on outside one.
 * @throws PlenumError `unauthenticated`, `forbidden`
 */
export async function requireIn(
  context: GatewayContext,
  permission: Permission,
): Promise<{ readonly entrance: Entrance; readonly gateway: Gateway }> {
  const entrance = await inUnitOfWork(context, (tx) => {
    requirePermission(tx, permission);
    return Promise.resolve(context.entrance);
  });
  if (!entrance) throw new PlenumError("unauthenticated", "sign in first", {});
  return { entrance, gateway: context.gateway };
}

/** Writes a denied access that no use case has seen. */
export async function noteDenied(context: GatewayContext, facts: Facts): Promise<void> {
  await inUnitOfWork(context, (tx) => Promise.resolve(tx.audit({ action: "access.deny", result: "DENIED", facts })));
}

async function noteDenial(tx: Tx, refusal: PlenumError): Promise<void> {
  if (refusal.code !== "forbidden") return;
  tx.audit({ action: "access.deny", result: "DENIED", facts: refusal.facts });
}
