import { computed, id, instant, needs, word } from "../columns";
import { byCreation, uuidOfKind } from "../filters";
import type { Bind, Many, Noun, Run } from "../noun";

/** Somebody who is signed in, on one browser. */
export const loginSession: Noun = {
  name: "LoginSession",
  key: (row) => `${row}.id`,
  members: {
    id: id("session"),
    method: word("method"),
    isCurrent: computed(["id"], ([own], { caller }) => caller.kind === "person" && caller.sessionId === own),
    signedInAt: instant("auth_at"),
    idleUntil: instant("idle_until"),
    endsAt: instant("ends_at"),
    endedAt: instant("ended_at"),
    createdAt: instant("created_at"),
    member: {
      kind: "one",
      noun: "Member",
      join: (to, s) => `member ${to} on ${to}.org_id = $1 and ${to}.id = ${s}.member_id`,
    },
    connection: {
      kind: "one",
      noun: "IdentityConnection",
      join: (to, s) => `identity_connection ${to} on ${to}.org_id = $1 and ${to}.id = ${s}.connection_id`,
      gate: needs("identity:read"),
    },
  },
};

const ownId = ({ caller }: Pick<Run, "caller">): string | null =>
  caller.kind === "person" || caller.kind === "token" ? caller.memberId : null;

/** The open sessions of a member; one's own where nobody is named. */
export const sessions: Many = {
  kind: "many",
  noun: "LoginSession",
  gate: (caller, args) => {
    const wanted = args["memberId"];
    const own = wanted == null || uuidOfKind("member", wanted) === ownId({ caller });
    return own ? "sign-in" : "member:read";
  },
  from: (to, _from, bind, argument) => {
    const memberId = argument("memberId");
    const whose = bind((run) => {
      const wanted = memberId(run);
      return wanted == null ? ownId(run) : uuidOfKind("member", wanted);
    });
    // What counts as open is what opens the door (domain/identity/credentials.store.ts): also the member's state.
    return `login_session ${to} join member m_${to} on m_${to}.org_id = $1 and m_${to}.id = ${to}.member_id
       and m_${to}.status = 'ACTIVE' and (m_${to}.suspended_at is null or ${to}.created_at > m_${to}.suspended_at)
       where ${to}.org_id = $1 and ${to}.member_id = ${whose}::uuid and ${to}.ended_at is null
         and ${to}.idle_until > now() and ${to}.ends_at > now()`;
  },
  filters: {},
  orders: byCreation,
};

/** One's own, or any for who may read members; somebody else's is not there (GQL-13). */
export function visibleSession(to: string, bind: Bind): string {
  const own = bind(ownId);
  const all = bind((run) => run.caller.permissions.has("member:read"));
  return `(${to}.member_id = ${own}::uuid or ${all}::boolean)`;
}
