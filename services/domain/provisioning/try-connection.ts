import { notFound } from "../../kernel/errors";
import { publicId, type ConnectionId } from "../../kernel/ids";
import type { KeptAnswer, KeptRequest } from "../../platform/kept-request";
import { rehearse } from "../../platform/savepoint";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { trialConnection } from "./connection-of-trial.store";
import { engineOf } from "./replay-request";
import { trials, type Said, type TrialClient } from "./trial-steps";

export interface TrialStep {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly expected: readonly number[];
  readonly passed: boolean;
  /** What was said where it did not pass. */
  readonly detail: string | null;
}

export interface Trial {
  readonly client: TrialClient;
  readonly passed: boolean;
  readonly steps: readonly TrialStep[];
}

/**
 * Does what an identity provider does when somebody presses "test connection" there, and the life of one user after it,
 * by the code that will answer it and under this connection's dialect; then undoes it (SCIM-199). No seat is kept, no
 * letter is sent.
 * @throws PlenumError `not_found`.
 */
export const tryConnection = useCase(
  "provisioning:write",
  async (tx: Tx, input: { connectionId: ConnectionId; client: TrialClient }): Promise<Trial> => {
    const connection = await trialConnection(tx, input.connectionId);
    if (!connection) throw notFound("connection");
    const steps = await rehearse(tx, () => walk(tx, connection, input.client));
    const passed = steps.every((step) => step.passed);
    const facts = { client: input.client, passed };
    tx.audit({ action: "provisioning.try", target: { kind: "connection", id: input.connectionId }, facts });
    return { client: input.client, passed, steps };
  },
  "tryConnection",
);

async function walk(tx: Tx, connection: KeptRequest["connection"], client: TrialClient): Promise<TrialStep[]> {
  const said = new Map<string, Said>();
  // An address that nobody has: the connection's own id makes it this organization's.
  const word = publicId("connection", connection.id).slice(-12);
  const done: TrialStep[] = [];
  for (const step of trials[client]) {
    const { method, path, query = {}, body = null } = step.request({ said, word });
    const answer = await engineOf(tx).run(tx, { connection, tokenId: null, method, path, query, body });
    said.set(step.name, answer.document ?? {});
    const failure = failureOf(step.expected, answer, step.check?.(answer.document ?? {}));
    done.push({
      ...{ name: step.name, method, path, status: answer.status, expected: step.expected },
      ...{ passed: failure === null, detail: failure },
    });
    // What follows builds on it.
    if (failure !== null && step.isNeeded) break;
  }
  return done;
}

function failureOf(
  expected: readonly number[],
  { status, detail }: KeptAnswer,
  wrong: string | undefined,
): string | null {
  if (!expected.includes(status)) return detail ?? `answered ${status}`;
  return wrong ?? null;
}
