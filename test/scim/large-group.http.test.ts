import { parseId, publicId, type MemberId } from "../../services/kernel/ids";
import { coreGroup, plenumGroup } from "../../services/scim/urns";
import { asOwner, openScim, patchOp, scimClient, type ScimClient } from "./support/door";
import { seedMembers } from "./support/seed";

interface Shown {
  readonly value: string;
  readonly display?: string;
}

/** A group with every seeded member in it, made by one statement. */
async function largeGroup(idp: ScimClient, members: number): Promise<string> {
  await seedMembers(idp.org.orgId, members);
  const id = (await idp.post("/Groups", { schemas: [coreGroup], displayName: "Everybody" })).body.id as string;
  await asOwner(
    `with edges as (
       insert into group_member (org_id, group_id, child_kind, child_id, added_at)
       select $1, $2, 'MEMBER', id, now() from member where org_id = $1 and user_name like 'bulk%' returning 1
     )
     update member_group set member_count = (select count(*) from edges) where org_id = $1 and id = $2`,
    [idp.org.orgId, parseId("group", id)],
  );
  return id;
}

const valuesOf = (members: readonly Shown[]): string[] => members.map(({ value }) => value);

test("SCIM-104, SCIM-103: a group of 12,345 comes whole, each member once, in parts or not, as selected", async () => {
  const idp = await scimClient(await openScim());
  const id = await largeGroup(idp, 12_345);
  const rows = (await asOwner("select id from member where org_id = $1 and user_name like 'bulk%'", [
    idp.org.orgId,
  ])) as readonly { id: MemberId }[];
  const expected = new Set(rows.map((row) => publicId("member", row.id)));

  const { status, headers, body, text } = await idp.get(`/Groups/${id}`);
  const members = body.members as Shown[];
  expect([status, headers["content-length"], body.displayName]).toEqual([
    200,
    String(Buffer.byteLength(text)),
    "Everybody",
  ]);
  expect([members.length, new Set(valuesOf(members)), body[plenumGroup].memberCount]).toEqual([
    12_345,
    expected,
    12_345,
  ]);
  expect(members[7]).toEqual({
    value: members[7]?.value,
    $ref: `${idp.baseUrl}/Users/${members[7]?.value ?? ""}`,
    type: "User",
    display: expect.stringMatching(/^bulk\d{6}@bulk\.test$/) as string,
  });

  const named = (await idp.get(`/Groups/${id}?attributes=members.value`)).body;
  expect(Object.keys(named).sort()).toEqual(["id", "members", "schemas"]);
  expect(named.members[0]).toEqual({ value: named.members[0].value });
  expect(new Set(valuesOf(named.members as Shown[]))).toEqual(expected);
  expect((await idp.get(`/Groups/${id}?excludedAttributes=members`)).body.members).toBeUndefined();

  // At the border both ways of reading answer alike.
  const gone = valuesOf(members).slice(0, 11_345);
  const removed = await idp.patch(
    `/Groups/${id}?attributes=members`,
    patchOp({ op: "remove", path: "members", value: gone.map((value) => ({ value })) }),
  );
  expect([removed.status, removed.body.members.length]).toEqual([200, 1_000]);
  await idp.patch(`/Groups/${id}`, patchOp({ op: "add", path: "members", value: [{ value: gone[0] }] }));
  const after = (await idp.get(`/Groups/${id}`)).body.members as Shown[];
  expect([after.length, new Set(valuesOf(after)).size]).toEqual([1_001, 1_001]);
  expect(after.find(({ value }) => value === gone[0])).toEqual(members.find(({ value }) => value === gone[0]));
}, 60_000);

test("SCIM-104: a client that goes away in the middle of a long answer harms nobody", async () => {
  const server = await openScim();
  const idp = await scimClient(server);
  const id = await largeGroup(idp, 12_000);
  for (let n = 0; n < 3; n++) {
    const gone = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${server.port}${idp.base}/Groups/${id}`, {
      headers: { authorization: `Bearer ${idp.token}` },
      signal: gone.signal,
    });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    gone.abort();
    await expect(reader?.closed).rejects.toMatchObject({ name: "AbortError" });
  }

  expect((await idp.get(`/Groups/${id}`)).body.members).toHaveLength(12_000);
}, 60_000);
