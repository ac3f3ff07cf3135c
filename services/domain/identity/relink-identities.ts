import { invalid, notFound, PlenumError } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost, roleOf, useCase } from "../access";
import { requireFreshSession } from "./administrator";
import { lockLive } from "./change-connection";
import { findConnection } from "./connection.store";
import { countRelinks, moveIdentities, type RelinkCounts } from "./relink.store";

const roles: readonly Role[] = ["OWNER", "ADMIN", "MEMBER"];

/**
 * Whom a re-link would make known again, by earlier identity provider (SAML-60). Empty where everybody is known by the
 * present one.
 * @throws PlenumError `not_found`, `conflict` for a connection without identity provider.
 */
export const previewRelink = useCase(
  "identity:read",
  async (tx: Tx, input: { connectionId: ConnectionId }): Promise<readonly RelinkCounts[]> => {
    const connection = await findConnection(tx, input.connectionId);
    if (!connection) throw notFound("connection");
    return countRelinks(tx, { connectionId: connection.id, to: presentOf(connection), roles: below(tx) });
  },
  "previewRelink",
);

/**
 * Hands the people whom an earlier identity provider has introduced at this connection on to the present one: whoever
 * has the same name there is the same person, says the administrator. Without it they are strangers (SAML-60). Their
 * sessions ended when the identity provider was changed.
 * @throws PlenumError `not_found`, `stale_version`, `invalid` for an identity provider that has introduced nobody.
 */
export const relinkIdentities = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; from: string; ifVersion?: string },
  ): Promise<Omit<RelinkCounts, "idpEntityId">> => {
    await requireFreshSession(tx);
    const connection = await lockLive(tx, input.connectionId, input.ifVersion);
    const relink = { connectionId: connection.id, to: presentOf(connection), roles: below(tx) };
    const known = await countRelinks(tx, relink);
    const counts = known.find(({ idpEntityId }) => idpEntityId === input.from);
    if (!counts) {
      throw invalid("fromEntityId", `one of ${known.map((k) => k.idpEntityId).join(", ") || "none"}`, input.from);
    }

    const moves = await moveIdentities(tx, { ...relink, from: input.from });

    tx.audit({
      action: "connection.relink",
      target: { kind: "connection", id: connection.id },
      facts: { from: input.from, to: relink.to, moved: moves, taken: counts.taken, protected: counts.protected },
    });
    tx.emit({ name: "connection.changed", connectionId: connection.id });
    return { moves, taken: counts.taken, protected: counts.protected };
  },
  "relinkIdentities",
);

function below(tx: Tx): readonly Role[] {
  return roles.filter((role) => isAtMost(role, roleOf(tx.caller)));
}

function presentOf({ idpEntityId }: { readonly idpEntityId: string | null }): string {
  if (idpEntityId !== null) return idpEntityId;
  throw new PlenumError("conflict", "this connection has no identity provider yet", { missing: "idpEntityId" });
}
