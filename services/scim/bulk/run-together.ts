import { stopwatchMs } from "../../kernel/clock";
import { PlenumError } from "../../kernel/errors";
import type { ScimGate } from "../authenticate";
import { logSuccess } from "../log-request";
import type { Answer, ScimRequest } from "../request";
import type { Route } from "../routes";
import { rateOf } from "../rate-limit";
import { exchangeOf, loggedOf, type RequestHouse } from "../run-request";
import { Trail } from "../trail";

/** A request of an entry, and the work behind it. */
export interface Prepared {
  readonly request: ScimRequest;
  readonly route: Route & { kind: "work" };
}

/**
 * Does writes that need nothing of each other in one unit of work: their statements share round trips, and there is one
 * commit for all. Nobody is seen to succeed by that who would have been refused alone: a refusal undoes them all, and
 * the answer is nothing, so that each is done again by itself and gets its own (SCIM-178).
 */
export async function runTogether(
  house: RequestHouse,
  gate: ScimGate,
  prepared: readonly Prepared[],
): Promise<readonly Answer[] | undefined> {
  const began = stopwatchMs();
  const { connection } = gate.entrance;
  if (connection?.scimState !== "ON") return undefined;
  const { limiter } = house;
  const perSecond = rateOf(connection.options, house.perSecond);
  if (!limiter.takeSeveral(connection.connectionId, perSecond, prepared.length)) return undefined;
  try {
    return await house.db.run(gate.entrance, async (tx) => {
      // Asked again inside: a preview that was opened meanwhile takes what comes now.
      if (gate.entrance.connection?.scimState !== "ON")
        throw new PlenumError("unavailable", "the connection has changed");
      return Promise.all(
        prepared.map(async ({ request, route }) => {
          const attempt = { trail: new Trail(), note: {} };
          const exchange = { ...exchangeOf(tx, gate, request, attempt), cursorKey: house.cursorKey };
          const answer = await route.work(exchange, route.id);
          const logged = loggedOf(gate, request, attempt);
          const durationMs = (stopwatchMs() - began) / prepared.length;
          if (logged) await logSuccess(tx, logged, { status: answer.status, durationMs });
          return answer;
        }),
      );
    });
  } catch {
    // Whatever it was: whoever is done again by himself hears it, and it is logged there.
    limiter.giveBack(connection.connectionId, prepared.length);
    return undefined;
  }
}
