import type { ConnectionId, MemberId, ProvisioningRunId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";
import type { RunState } from "./guard.rules";
import type { BeforeState } from "./guard.store";

/** A run that somebody was asked about, with what became of its people. */
export interface ProvisioningRun {
  readonly id: ProvisioningRunId;
  readonly connectionId: ConnectionId;
  readonly connection: string;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly alertedAt: Date | null;
  readonly decidedAt: Date | null;
  readonly baseline: number;
  readonly threshold: number;
  /** Everybody whom it took out. */
  readonly members: number;
  readonly restored: number;
  readonly waiting: number;
  /** Not brought back: the name was taken, or they had changed since, or are gone. */
  readonly notRestored: number;
}

export type UndoOutcome = "RESTORED" | "WAITING" | "NAME_TAKEN" | "CHANGED_SINCE" | "GONE";

export interface UndoKey {
  readonly runId: ProvisioningRunId;
  readonly memberId: MemberId;
}

export interface UndoLine extends UndoKey {
  readonly before: BeforeState;
}

const columns = `r.id, r.connection_id as "connectionId", c.name as connection, r.state, r.started_at as "startedAt",
  r.alerted_at as "alertedAt", r.decided_at as "decidedAt", r.baseline, r.threshold,
  (select count(*)::integer from provisioning_undo u where u.org_id = $1 and u.run_id = r.id) as members,
  (select count(*)::integer from provisioning_undo u
   where u.org_id = $1 and u.run_id = r.id and u.outcome = 'RESTORED') as restored,
  (select count(*)::integer from provisioning_undo u
   where u.org_id = $1 and u.run_id = r.id and u.outcome = 'WAITING') as waiting,
  (select count(*)::integer from provisioning_undo u
   where u.org_id = $1 and u.run_id = r.id and u.outcome in ('NAME_TAKEN', 'CHANGED_SINCE', 'GONE')) as "notRestored"`;
const from = `provisioning_run r join identity_connection c on c.org_id = r.org_id and c.id = r.connection_id`;

const list = statement(
  "runs-list",
  `select ${columns} from ${from} where r.org_id = $1 and r.state <> 'WATCHING' order by r.alerted_at desc, r.id limit 100`,
);
const find = statement("runs-find", `select ${columns} from ${from} where r.org_id = $1 and r.id = $2`);
const decide = statement(
  "runs-decide",
  `update provisioning_run set state = $3, decided_at = $4, ends_at = $5, updated_at = $4
   where org_id = $1 and id = $2 and state = any ($6::text[])`,
);
// By how they left: whoever left first comes back to a seat first.
const next = statement(
  "undo-next",
  `select u.run_id as "runId", u.member_id as "memberId" from provisioning_undo u
   join provisioning_run r on r.org_id = u.org_id and r.id = u.run_id and r.state = 'UNDONE'
   where u.org_id = $1 and u.undone_at is null order by u.at, u.member_id limit 1`,
);
const take = statement(
  "undo-take",
  `select u.before from provisioning_undo u
   where u.org_id = $1 and u.run_id = $2 and u.member_id = $3 and u.undone_at is null for update`,
);
const settle = statement(
  "undo-settle",
  `update provisioning_undo set undone_at = $4, outcome = $5
   where org_id = $1 and run_id = $2 and member_id = $3 and undone_at is null`,
);
const relink = statement(
  "undo-relink",
  `insert into provisioning_link (org_id, connection_id, kind, resource_id, external_id, first_seen_at, last_seen_at)
   select $1, l.connection_id, 'MEMBER', $2, l.external_id, $4, $4
   from jsonb_to_recordset($3::jsonb) as l (connection_id uuid, external_id text)
   on conflict do nothing`,
);
const unblock = statement(
  "undo-unblock",
  `update sso_identity set blocked = false where org_id = $1 and member_id = $2 and blocked`,
);
const stateOf = statement(
  "undo-state",
  `select status, role from member where org_id = $1 and id = $2 for no key update`,
);
const liveGroups = statement(
  "undo-live-groups",
  `select g.id from member_group g where g.org_id = $1 and g.id = any ($2::uuid[]) and g.deleted_at is null
     and not exists (select 1 from group_member e where e.org_id = $1 and e.group_id = g.id
                       and e.child_kind = 'MEMBER' and e.child_id = $3)
   order by g.id`,
);

export async function listRunRows(tx: Tx): Promise<ProvisioningRun[]> {
  return sql(tx).many<ProvisioningRun>(list, [tx.orgId]);
}

export async function findRun(tx: Tx, id: ProvisioningRunId): Promise<ProvisioningRun | undefined> {
  return sql(tx).maybe<ProvisioningRun>(find, [tx.orgId, id]);
}

/** Moves a run from one of some states; false when it is in another. */
export async function decideRun(
  tx: Tx,
  id: ProvisioningRunId,
  decision: { to: "APPROVED" | "UNDONE"; from: readonly RunState[]; endsAt: Date },
): Promise<boolean> {
  const { to, from: states, endsAt } = decision;
  return (await sql(tx).exec(decide, [tx.orgId, id, to, tx.now, endsAt, states])) === 1;
}

const owners = statement(
  "provisioning-run-owners",
  `select exists (select 1 from provisioning_undo u
     where u.org_id = $1 and u.run_id = $2 and u.undone_at is null and u.before->>'role' = 'OWNER') as "are"`,
);

/** Whether an owner is among those whom a run would bring back. */
export async function holdsOwner(tx: Tx, id: ProvisioningRunId): Promise<boolean> {
  return (await sql(tx).one<{ are: boolean }>(owners, [tx.orgId, id])).are;
}

/** The next member to bring back. */
export async function nextUndo(tx: Tx): Promise<UndoKey | undefined> {
  return sql(tx).maybe<UndoKey>(next, [tx.orgId]);
}

/**
 * What is to be given back, locked until the unit ends; nothing where somebody else was faster. Asked for behind the
 * member's lock: whoever leaves has that first, and then adds to this line.
 */
export async function takeUndo(tx: Tx, { runId, memberId }: UndoKey): Promise<BeforeState | undefined> {
  return (await sql(tx).maybe<{ before: BeforeState }>(take, [tx.orgId, runId, memberId]))?.before;
}

export async function settleUndo(tx: Tx, line: UndoKey, outcome: UndoOutcome): Promise<void> {
  await sql(tx).exec(settle, [tx.orgId, line.runId, line.memberId, tx.now, outcome]);
}

/** What connections called a member, and that the identity provider's sign-in knows them again (ruling c13). */
export async function relinkMember(tx: Tx, id: MemberId, links: BeforeState["links"]): Promise<void> {
  const rows = links.map((l) => ({ connection_id: l.connectionId, external_id: l.externalId }));
  await sql(tx).exec(relink, [tx.orgId, id, JSON.stringify(rows), tx.now]);
  await sql(tx).exec(unblock, [tx.orgId, id]);
}

export async function lockState(
  tx: Tx,
  id: MemberId,
): Promise<{ status: BeforeState["status"]; role: BeforeState["role"] } | undefined> {
  return sql(tx).maybe<{ status: BeforeState["status"]; role: BeforeState["role"] }>(stateOf, [tx.orgId, id]);
}

/** Those of some groups that are there still and do not have the member. */
export async function groupsWithout(
  tx: Tx,
  ids: BeforeState["groups"],
  member: MemberId,
): Promise<BeforeState["groups"]> {
  const rows = await sql(tx).many<{ id: BeforeState["groups"][number] }>(liveGroups, [tx.orgId, ids, member]);
  return rows.map((row) => row.id);
}
