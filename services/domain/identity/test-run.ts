import { notFound, PlenumError } from "../../kernel/errors";
import { newId, type ConnectionId, type TestRunId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findSamlConnection, type SamlConnection } from "./saml-connection";
import { hintsFor } from "./saml-hints";
import type { TestEvidence } from "./test-evidence";
import {
  consumeTestRequest,
  findTestRun,
  insertTestRequest,
  insertTestRun,
  listTestRunRows,
  testWaits,
  type SignInPreview,
  type TestRun,
} from "./test-runs.store";

/**
 * Begins a trial of a connection: a real sign-in at the identity provider whose answer changes nothing here (SAML-95).
 * @throws PlenumError `not_found`, `conflict` where there is nobody to ask, `rate_limited` beyond twenty an hour.
 */
export const startTestRun = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; requestId: string; relayState: string },
  ): Promise<SamlConnection> => {
    const { caller } = tx;
    const connection = await findSamlConnection(tx, input.connectionId);
    if (!connection || caller.kind !== "person") throw notFound("connection");
    if (connection.ssoUrl === null) {
      throw new PlenumError("conflict", "the connection lacks its ssoUrl", { missing: "ssoUrl" });
    }
    if (connection.samlState === "DISABLED") {
      throw new PlenumError("connection_inactive", "the connection is disabled", { state: connection.samlState });
    }
    if (!(await insertTestRequest(tx, { ...input, startedBy: caller.memberId }))) {
      throw new PlenumError("rate_limited", "at most twenty trials an hour", { max: 20 });
    }
    return connection;
  },
  "startTestRun",
);

/** Whether an answer belongs to a trial. */
export const isTestAnswer = useCase(
  "sign-in",
  async (tx: Tx, input: { connectionId: ConnectionId; requestId: string }): Promise<boolean> =>
    testWaits(tx, input.connectionId, input.requestId),
  "isTestAnswer",
);

export interface TestAnswer {
  readonly connection: SamlConnection;
  readonly requestId: string;
  /** The response as it came, kept sealed for a week. */
  readonly response: string;
  readonly evidence: TestEvidence;
  readonly preview: SignInPreview | null;
}

/** Keeps the report of a trial for whoever began it; no member, no seat, no session comes of it (SAML-A82). */
export const recordTestRun = useCase(
  "sign-in",
  async (tx: Tx, input: TestAnswer): Promise<TestRunId> => {
    const { connection, requestId, evidence, preview } = input;
    const startedBy = await consumeTestRequest(tx, connection.id, requestId);
    if (!startedBy) throw notFound("trial");
    const hints = hintsFor(evidence, {
      hasDecryptionKey: connection.keys.some((key) => key.use === "ENCRYPTION"),
      outcome: preview?.refusal ?? null,
      emailFound: preview?.email != null,
    });
    const id = newId("testRun");
    const place = { table: "saml_test_run", column: "response_enc", rowId: id };
    const responseSealed = await tx.instance.keyring.seal(tx, place, input.response);
    const passed = evidence.refusal === null && preview?.refusal === null;
    const report = { evidence, preview, hints };
    await insertTestRun(tx, { id, connectionId: connection.id, startedBy, report, passed, responseSealed });

    tx.audit({
      action: "connection.test",
      target: { kind: "connection", id: connection.id },
      facts: { passed, code: evidence.refusal?.code ?? preview?.refusal ?? null, member: startedBy },
    });
    return id;
  },
  "recordTestRun",
);

/**
 * The report of a trial, for the administrator who began it.
 * @throws PlenumError `not_found`, also for somebody else's.
 */
export const showTestRun = useCase(
  "identity:read",
  async (tx: Tx, input: { id: TestRunId }): Promise<TestRun> => {
    const run = await findTestRun(tx, input.id);
    const isTheirs = tx.caller.kind === "person" && run?.startedBy === tx.caller.memberId;
    if (!run || !isTheirs) throw notFound("trial");
    return run;
  },
  "showTestRun",
);

/** The trials that the caller began on a connection; a program has begun none. */
export const listTestRuns = useCase(
  "identity:read",
  async (tx: Tx, input: { connectionId: ConnectionId }): Promise<TestRun[]> =>
    tx.caller.kind === "person" ? listTestRunRows(tx, input.connectionId, tx.caller.memberId) : [],
  "listTestRuns",
);
