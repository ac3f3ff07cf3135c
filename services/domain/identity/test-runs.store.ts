import { newId, type ConnectionId, type MemberId, type TestRunId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import type { Hint } from "./saml-hints";
import type { TestEvidence } from "./test-evidence";
import type { DomainTrust } from "./trust-domain";

// A trial may run before the connection is switched on: that is what it is for (SAML-95).
const addRequest = statement(
  "sso-test-request-add",
  `insert into sso_request (org_id, id, connection_id, request_id, relay_state, purpose, browser_hash, return_path,
                            started_by, status, created_at, expires_at)
   select $1, $3, c.id, $4, $5, 'TEST', $6, '/', $7, 'PENDING', now(), now() + interval '10 minutes'
   from identity_connection c
   where c.org_id = $1 and c.id = $2 and c.deleted_at is null and c.saml_state in ('DRAFT', 'TESTING', 'ACTIVE')
     and (select count(*) from sso_request r
          where r.org_id = $1 and r.started_by = $7 and r.purpose = 'TEST'
            and r.created_at > now() - interval '1 hour') < 20`,
);

export interface NewTestRequest {
  readonly connectionId: ConnectionId;
  readonly requestId: string;
  readonly relayState: string;
  readonly startedBy: MemberId;
}

/** Notes a trial; false beyond twenty an hour (SAML-105). */
export async function insertTestRequest(tx: Tx, r: NewTestRequest): Promise<boolean> {
  const unbound = Buffer.alloc(32);
  const values = [newId("session"), r.requestId, r.relayState, unbound, r.startedBy];
  return (await sql(tx).exec(addRequest, [tx.orgId, r.connectionId, ...values])) === 1;
}

const find = statement(
  "sso-test-request-find",
  `select 1 as one from sso_request
   where org_id = $1 and connection_id = $2 and request_id = $3 and purpose = 'TEST' and status = 'PENDING'
     and expires_at > now()`,
);
const consume = statement(
  "sso-test-request-consume",
  `update sso_request set status = 'CONSUMED'
   where org_id = $1 and connection_id = $2 and request_id = $3 and purpose = 'TEST' and status = 'PENDING'
     and expires_at > now()
   returning started_by as "startedBy"`,
);

/** Whether a trial waits under this id. */
export async function testWaits(tx: Tx, connectionId: ConnectionId, requestId: string): Promise<boolean> {
  return (await sql(tx).maybe(find, [tx.orgId, connectionId, requestId])) !== undefined;
}

/** Ends the waiting, once; answers who began it. */
export async function consumeTestRequest(
  tx: Tx,
  connectionId: ConnectionId,
  requestId: string,
): Promise<MemberId | undefined> {
  return (await sql(tx).maybe<{ startedBy: MemberId }>(consume, [tx.orgId, connectionId, requestId]))?.startedBy;
}

const add = statement(
  "saml-test-run-add",
  `insert into saml_test_run (org_id, id, connection_id, started_by, report, response_enc, passed, created_at, purge_after)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $8::timestamptz + interval '7 days')`,
);
const findRun = statement(
  "saml-test-run-find",
  `select id, connection_id as "connectionId", started_by as "startedBy", report, passed, created_at as "createdAt"
   from saml_test_run where org_id = $1 and id = $2 and purge_after > $3`,
);
const listRuns = statement(
  "saml-test-run-list",
  `select id, connection_id as "connectionId", started_by as "startedBy", report, passed, created_at as "createdAt"
   from saml_test_run where org_id = $1 and connection_id = $2 and started_by = $3 and purge_after > $4
   order by created_at desc, id desc limit 20`,
);

/** What a trial would do if it were a sign-in. */
export interface SignInPreview {
  readonly effect: "KNOWN" | "LINKED" | "JOINED" | "CREATED" | null;
  /** The refusal's code, where it would end in one. */
  readonly refusal: string | null;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly groups: readonly string[] | null;
  /** What the address is worth; null where none came (SAML-61). */
  readonly domain: DomainTrust | null;
  /** As whom the person would be in, and whether in a seat; null where they would not. */
  readonly role: Role | null;
  readonly seated: boolean | null;
}

export interface TestReport {
  readonly evidence: TestEvidence;
  readonly preview: SignInPreview | null;
  readonly hints: readonly Hint[];
}

export interface TestRun {
  readonly id: TestRunId;
  readonly connectionId: ConnectionId;
  readonly startedBy: MemberId;
  readonly report: TestReport;
  readonly passed: boolean;
  readonly createdAt: Date;
}

export interface NewTestRun extends Omit<TestRun, "createdAt"> {
  readonly responseSealed: Buffer;
}

export async function insertTestRun(tx: Tx, run: NewTestRun): Promise<void> {
  const report = JSON.stringify(run.report);
  const values = [run.id, run.connectionId, run.startedBy, report, run.responseSealed, run.passed, tx.now];
  await sql(tx).exec(add, [tx.orgId, ...values]);
}

export async function findTestRun(tx: Tx, id: TestRunId): Promise<TestRun | undefined> {
  return sql(tx).maybe<TestRun>(findRun, [tx.orgId, id, tx.now]);
}

/** What one administrator has tried on a connection, newest first; twenty at most. */
export async function listTestRunRows(tx: Tx, connectionId: ConnectionId, startedBy: MemberId): Promise<TestRun[]> {
  return sql(tx).many<TestRun>(listRuns, [tx.orgId, connectionId, startedBy, tx.now]);
}
