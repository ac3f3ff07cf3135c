import type { InvitationId, MemberId } from "../../kernel/ids";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

export const invitationStatuses = ["PENDING", "ACCEPTED", "DECLINED", "REVOKED"] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

export interface Invitation {
  readonly id: InvitationId;
  readonly memberId: MemberId;
  readonly status: InvitationStatus;
  readonly sentAt: Date;
  readonly sendCount: number;
  readonly expired: boolean;
}

const columns = `id, member_id as "memberId", status, sent_at as "sentAt", send_count as "sendCount",
  expires_at <= now() as expired`;

const add = statement(
  "invitation-add",
  `insert into invitation (org_id, id, member_id, secret_hash, expires_at, sent_at, sent_day, invited_by, status,
                           created_at)
   values ($1, $2, $3, $4, now() + make_interval(days => $5), $6, ($6::timestamptz at time zone 'UTC')::date, $7,
           'PENDING', $6)`,
);
const find = statement("invitation-find", `select ${columns} from invitation where org_id = $1 and id = $2`);
const findBySecret = statement(
  "invitation-by-secret",
  `select ${columns} from invitation where org_id = $1 and secret_hash = $2`,
);
const findPending = statement(
  "invitation-pending-of-member",
  `select ${columns} from invitation where org_id = $1 and member_id = $2 and status = 'PENDING'`,
);
// At most five letters a day: the same row is asked and counted (DEC-08).
const resend = statement(
  "invitation-resend",
  `update invitation
   set secret_hash = $3, expires_at = now() + make_interval(days => $4), sent_at = $5, send_count = send_count + 1,
       sends_of_day = case when sent_day = ($5::timestamptz at time zone 'UTC')::date then sends_of_day + 1 else 1 end,
       sent_day = ($5::timestamptz at time zone 'UTC')::date, version = version + 1
   where org_id = $1 and id = $2 and status = 'PENDING'
     and (sent_day <> ($5::timestamptz at time zone 'UTC')::date or sends_of_day < $6)
   returning ${columns}`,
);
const end = statement(
  "invitation-end",
  `update invitation set status = $3, ended_at = $4, version = version + 1
   where org_id = $1 and id = $2 and status = 'PENDING'`,
);

export async function insertInvitation(
  tx: Tx,
  invitation: { id: InvitationId; memberId: MemberId; hash: Buffer; validDays: number; invitedBy: MemberId | null },
): Promise<void> {
  const { id, memberId, hash, validDays, invitedBy } = invitation;
  await sql(tx).exec(add, [tx.orgId, id, memberId, hash, validDays, tx.now, invitedBy]);
}

export async function findInvitation(tx: Tx, id: InvitationId): Promise<Invitation | undefined> {
  return sql(tx).maybe<Invitation>(find, [tx.orgId, id]);
}

export async function findInvitationBySecret(tx: Tx, hash: Buffer): Promise<Invitation | undefined> {
  return sql(tx).maybe<Invitation>(findBySecret, [tx.orgId, hash]);
}

export async function findPendingInvitation(tx: Tx, memberId: MemberId): Promise<Invitation | undefined> {
  return sql(tx).maybe<Invitation>(findPending, [tx.orgId, memberId]);
}

/** Gives the invitation a new secret; nothing when it is not pending or was sent too often today. */
export async function resendInvitationRow(
  tx: Tx,
  input: { id: InvitationId; hash: Buffer; validDays: number; perDayMax: number },
): Promise<Invitation | undefined> {
  const values = [tx.orgId, input.id, input.hash, input.validDays, tx.now, input.perDayMax];
  return sql(tx).maybe<Invitation>(resend, values);
}

/** Moves a pending invitation to its end, once; false when somebody else was first. */
export async function endInvitationRow(
  tx: Tx,
  id: InvitationId,
  status: Exclude<InvitationStatus, "PENDING">,
): Promise<boolean> {
  return (await sql(tx).exec(end, [tx.orgId, id, status, tx.now])) === 1;
}
