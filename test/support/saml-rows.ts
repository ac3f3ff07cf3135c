import { sql, statement } from "../../services/platform/sql";
import type { TestOrg } from "./world";

// What a test looks at, or sets behind the back of the use cases.

const counts = statement(
  "test-saml-counts",
  `select (select count(*) from login_session where org_id = $1)::int as sessions,
     (select count(*) from member where org_id = $1)::int as members,
     (select count(*) from sso_outcome where org_id = $1)::int as outcomes,
     (select count(*) from sso_replay where org_id = $1)::int as replays,
     (select count(*) from sso_identity where org_id = $1)::int as identities,
     (select coalesce(sum(used), 0) from subscription where org_id = $1)::int as seats`,
);

export interface SamlCounts {
  readonly sessions: number;
  readonly members: number;
  readonly outcomes: number;
  readonly replays: number;
  readonly identities: number;
  readonly seats: number;
}

/** How much of everything an organization has that a sign-in could make. */
export const countsOf = (org: TestOrg): Promise<SamlCounts> =>
  org.run((tx) => sql(tx).one<SamlCounts>(counts, [tx.orgId]), org.system);

const request = statement(
  "test-saml-request",
  `select status, failures from sso_request where org_id = $1 and request_id = $2`,
);

export const requestRow = (org: TestOrg, requestId: string) =>
  org.run((tx) => sql(tx).maybe<{ status: string; failures: number }>(request, [tx.orgId, requestId]), org.system);

const trail = statement(
  "test-saml-trail",
  `select action, result, facts from audit_entry where org_id = $1 and action like 'sso.%' order by at desc, id desc limit $2`,
);

export interface TrailEntry {
  readonly action: string;
  readonly result: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The last lines about sign-ins in the audit log, newest first. */
export const trailOf = (org: TestOrg, limit = 1): Promise<TrailEntry[]> =>
  org.run((tx) => sql(tx).many<TrailEntry>(trail, [tx.orgId, limit]), org.system);

/** Sets columns of a connection as a migration or an administrator's next screen would. */
export async function configure(org: TestOrg, id: string, columns: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(columns);
  const set = names.map((name, i) => `${name} = $${i + 3}`).join(", ");
  const text = `update identity_connection set ${set}, version = version + 1 where org_id = $1 and id = $2`;
  const values = names.map((name) => {
    const value = columns[name];
    return value !== null && typeof value === "object" && !(value instanceof Date) ? JSON.stringify(value) : value;
  });
  await org.run((tx) => sql(tx).exec(statement("test-configure", text), [tx.orgId, id, ...values]), org.system);
}

/** Any statement of a test's own, on its own organization. */
export const execute = (org: TestOrg, text: string, values: readonly unknown[] = []): Promise<number> =>
  org.run((tx) => sql(tx).exec(statement("test-execute", text), [tx.orgId, ...values]), org.system);
