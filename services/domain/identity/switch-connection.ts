import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { requireEntitlement } from "../organizations";
import { requireFreshSession } from "./administrator";
import { lockLive } from "./change-connection";
import type { Connection } from "./connection";
import { requireMove, takesResponses } from "./connection.rules";
import { updateConnection } from "./connection.store";
import type { SamlState } from "./connections.store";
import { requireUsable } from "./require-usable";
import { endSessionsOfConnection } from "./sessions.store";
import { syncEnforcement } from "./sync-enforcement";

/**
 * Moves a connection along draft, testing, active, disabled. Leaving `ACTIVE` ends the sessions that it brought about,
 * with this commit and on every replica, unless its settings say otherwise (SAML-12).
 * @throws PlenumError `conflict` for a move that there is not or a missing setting; `entitlement_required`,
 * `not_found`, `stale_version`.
 */
export const switchConnection = useCase(
  "identity:write",
  async (tx: Tx, input: { id: ConnectionId; to: SamlState; ifVersion?: string }): Promise<Connection> => {
    await requireFreshSession(tx);
    const before = await lockLive(tx, input.id, input.ifVersion);
    requireMove(before.samlState, input.to);
    if (before.samlState === input.to) return before;
    if (takesResponses(input.to)) {
      await requireEntitlement(tx, "sso");
      await requireUsable(tx, before);
    }

    const after = { ...before, samlState: input.to };
    const version = await updateConnection(tx, after);
    const leaves = before.samlState === "ACTIVE" && before.options.endSessions !== false;
    const ended = leaves ? await endSessionsOfConnection(tx, input.id, "CONNECTION_OFF") : 0;
    await syncEnforcement(tx);

    tx.audit({
      action: "connection.switch",
      target: { kind: "connection", id: input.id },
      facts: { from: before.samlState, to: input.to, sessionsEnded: ended },
    });
    tx.emit({ name: "connection.changed", connectionId: input.id });
    return { ...after, version, updatedAt: tx.now };
  },
  "switchConnection",
);
