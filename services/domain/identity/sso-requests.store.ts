import { newId, type ConnectionId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import { liveConnection } from "./sso-live.store";

export type SsoPurpose = "LOGIN" | "TEST" | "REAUTH" | "LINK";

const addRequest = statement(
  "sso-request-add",
  `insert into sso_request (org_id, id, connection_id, request_id, relay_state, purpose, browser_hash, return_path,
                            status, created_at, expires_at)
   select $1, $4, live.id, $5, $6, $7, $8, $9, 'PENDING', now(), now() + interval '10 minutes'
   from (${liveConnection("$2", "$3")}) live`,
);

export interface NewSsoRequest {
  readonly connectionId: ConnectionId;
  readonly version: string;
  readonly requestId: string;
  readonly relayState: string;
  readonly purpose: SsoPurpose;
  readonly browserHash: Buffer;
  readonly returnPath: string;
}

/** Notes a question to an identity provider; false when the connection is not live in this version. */
export async function insertSsoRequest(tx: Tx, r: NewSsoRequest): Promise<boolean> {
  const keys = [tx.orgId, r.connectionId, r.version, newId("session")];
  const values = [...keys, r.requestId, r.relayState, r.purpose, r.browserHash, r.returnPath];
  return (await sql(tx).exec(addRequest, values)) === 1;
}

const whyNot = statement(
  "sso-request-look",
  `select r.status, r.purpose, r.expires_at <= now() as expired,
     exists (select 1 from sso_replay p
             where p.org_id = $1 and p.connection_id = $2 and p.assertion_hash = $4) as replayed
   from (select 1) one
   left join sso_request r on r.org_id = $1 and r.connection_id = $2 and r.request_id = $3`,
);

export interface RequestState {
  readonly status: "PENDING" | "CONSUMED" | "BURNT" | null;
  readonly purpose: SsoPurpose | null;
  readonly expired: boolean | null;
  readonly replayed: boolean;
}

/** What became of a request, for the words of a refusal. */
export async function lookAtRequest(tx: Tx, connectionId: ConnectionId, requestId: string, assertionHash: Buffer) {
  return sql(tx).one<RequestState>(whyNot, [tx.orgId, connectionId, requestId, assertionHash]);
}

const fail = statement(
  "sso-request-fail",
  `update sso_request
   set failures = failures + 1, status = case when failures + 1 >= 5 then 'BURNT' else status end
   where org_id = $1 and connection_id = $2 and request_id = $3 and status = 'PENDING'
   returning status`,
);

/** Counts a failed validation against a request; the fifth burns it (SAML-47). */
export async function failRequest(tx: Tx, connectionId: ConnectionId, requestId: string): Promise<boolean> {
  return (await sql(tx).maybe<{ status: string }>(fail, [tx.orgId, connectionId, requestId]))?.status === "BURNT";
}
