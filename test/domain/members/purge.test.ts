import { forgetSubject } from "../../../services/domain/audit";
import { assignTemplate, onMemberPurged } from "../../../services/domain/event-types";
import { addConnection, forgetSignIns, startLoginSession } from "../../../services/domain/identity";
import { insertLink } from "../../../services/domain/identity/links.store";
import { changeMember, purgeMembers, removeMember } from "../../../services/domain/members";
import { dayMs } from "../../../services/kernel/clock";
import type { MemberId } from "../../../services/kernel/ids";
import { asSuperuser } from "../../support/identity";
import { buildOrg, testClock, testWorld, type TestOrg } from "../../support/world";
import { seal, verify } from "../audit/support";
import { eventTypesOf, makeTemplate } from "../event-types/support";

const clock = testClock();

async function scene() {
  const org = await buildOrg(await testWorld({ clock }), { seats: 9 });
  const profile = {
    userName: org.email("ada"),
    displayName: "Ada Lovelace",
    title: "Countess",
    timeZone: "Europe/London",
  };
  const values = [{ attribute: "emails", type: "work", value: org.email("ada"), primary: true, detail: null }];
  const ada = await org.add("ada", { profile, values });
  const template = await makeTemplate(org, "demo");
  await org.run((tx) => assignTemplate(tx, { templateId: template.id, targets: { memberIds: [ada.id] } }));
  await org.run((tx) => changeMember(tx, { id: ada.id, changes: [{ kind: "profile", set: { title: "Analyst" } }] }));
  await org.run((tx) => startLoginSession(tx, { memberId: ada.id, method: "LINK" }), org.system);
  await org.run(async (tx) => {
    const connectionId = await addConnection(tx, "SAML");
    const key = { connectionId, idpEntityId: "https://idp.example", format: "persistent", key: "lovelace" };
    const browser = { browserHash: Buffer.alloc(32), returnPath: "/", validMinutes: 60 };
    await insertLink(tx, { ...key, ...browser, memberId: ada.id, policy: "ADMIN", emailNorm: org.email("ada") });
  }, org.operator);
  return { org, ada: ada.id };
}

const purge = (org: TestOrg) => org.run((tx) => purgeMembers(tx, {}), org.system);

/** What the handlers of `member.purged` do (services/worker/handlers.ts). */
async function hear(org: TestOrg, memberId: MemberId): Promise<number[]> {
  const told: number[] = [];
  for (const handle of [onMemberPurged, forgetSignIns, forgetSubject]) {
    told.push(await org.run((tx) => handle(tx, { event: { memberId } }), org.system));
  }
  return told;
}

/** Every text of an organization in which a word stands, by table. */
async function tablesWith(org: TestOrg, word: string): Promise<string[]> {
  const tables = [
    "member",
    "member_value",
    "login_session",
    "sso_link",
    "audit_personal",
    "event_type",
    "path_redirect",
    "invitation",
  ];
  const found: string[] = [];
  for (const table of tables) {
    const text = `select 1 from ${table} t where org_id = $1 and t::text ilike $2`;
    if ((await asSuperuser(text, [org.orgId, `%${word}%`])).length > 0) found.push(table);
  }
  return found;
}

test("SCIM-171, NFR-08: who was removed is erased when they cannot be brought back any more, and not a day before", async () => {
  const { org, ada } = await scene();
  await org.run((tx) => removeMember(tx, { id: ada }));
  const [line] = await asSuperuser<{ due_at: Date }>(
    "select due_at from agenda where org_id = $1 and kind = 'PURGE_MEMBERS'",
    [org.orgId],
  );
  const due = new Date(clock.now().getTime() + 30 * dayMs);
  expect(line!.due_at).toEqual(due);

  clock.advanceMs(29 * dayMs);
  expect(await purge(org)).toEqual(due);
  expect(await tablesWith(org, "lovelace")).toEqual(["member", "sso_link"]);

  clock.advanceMs(dayMs);
  expect(await purge(org)).toBe(null);
  const [event] = await asSuperuser<{ payload: unknown }>(
    "select payload from domain_event where org_id = $1 and name = 'member.purged'",
    [org.orgId],
  );
  expect(event!.payload).toEqual({ memberId: ada });
  expect(await hear(org, ada)).toEqual([1, 2, 2]);

  for (const word of ["lovelace", "ada@", "countess", "analyst"]) expect(await tablesWith(org, word)).toEqual([]);
  expect(await eventTypesOf(org, ada)).toEqual([]);
  const [row] = await asSuperuser<object>(
    "select status, user_name, login_email, time_zone, purge_after from member where org_id = $1 and id = $2",
    [org.orgId, ada],
  );
  expect(row).toEqual({
    status: "REMOVED",
    user_name: "removed",
    login_email: null,
    time_zone: null,
    purge_after: null,
  });
  // What was held and done is history: it goes on naming the id.
  const [history] = await asSuperuser<{ licences: number; entries: number }>(
    `select (select count(*) from licence_assignment where org_id = $1 and member_id = $2)::integer as licences,
            (select count(*) from audit_entry where org_id = $1 and target_id = $2)::integer as entries`,
    [org.orgId, ada],
  );
  expect([history!.licences, history!.entries > 3]).toEqual([1, true]);
  expect(await hear(org, ada)).toEqual([0, 0, 0]);
  expect(await purge(org)).toBe(null);
});

test("SEC-51: the audit chain holds when personal values are gone", async () => {
  const { org, ada } = await scene();
  while ((await seal(org)).more);
  await org.run((tx) => removeMember(tx, { id: ada }));
  clock.advanceMs(30 * dayMs);
  await purge(org);
  await hear(org, ada);
  while ((await seal(org)).more);

  expect(await verify(org)).toMatchObject({ ok: true, unsealed: 0 });
});

test("SCIM-171: those who are removed the same month are erased each in time, and others not at all", async () => {
  const { org, ada } = await scene();
  const [bob, eve] = [await org.add("bob"), await org.add("eve")];
  await org.run((tx) => removeMember(tx, { id: ada }));
  clock.advanceMs(10 * dayMs);
  await org.run((tx) => removeMember(tx, { id: bob.id }));
  clock.advanceMs(20 * dayMs);

  const next = await purge(org);

  const names = await asSuperuser<{ id: string; user_name: string }>(
    "select id, user_name from member where org_id = $1",
    [org.orgId],
  );
  const nameOf = (id: string) => names.find((row) => row.id === id)?.user_name;
  expect([nameOf(ada), nameOf(bob.id), nameOf(eve.id)]).toEqual(["removed", org.email("bob"), org.email("eve")]);
  expect(next).toEqual(new Date(clock.now().getTime() + 10 * dayMs));
});
