import { changeConnection } from "../../services/domain/identity";
import { commands } from "../../services/cli/commands";
import type { CommandContext } from "../../services/cli/command";
import { runCommandLine } from "../../services/cli/program";
import type { Database } from "../../services/platform/unit-of-work";
import { Browser, codeOn, connectIdp, openSaml, signIn, type SamlSite } from "../support/saml-door";
import { makeKeys, type KeyPair } from "../support/saml-kit";
import { buildOrg, testWorld, type TestOrg } from "../support/world";

let db: Database;
let base: string;
let keys: KeyPair;
let org: TestOrg;
let idp: SamlSite;

beforeAll(async () => {
  db = await testWorld();
  [base, keys] = await Promise.all([openSaml(db), makeKeys("idp")]);
});
beforeEach(async () => {
  org = await buildOrg(db);
  idp = await connectIdp(org, keys);
  await org.add("ada");
});

async function plenum(...argv: string[]) {
  const out: string[] = [];
  const context = { database: async () => db, say: () => undefined, close: async () => undefined };
  const code = await runCommandLine([...argv, "--org", org.slug, "--json"], commands, {
    output: { out: (text) => out.push(text), err: () => undefined },
    context: () => context as unknown as CommandContext & { close(): Promise<void> },
  });
  return { code, json: JSON.parse(out.join("")) as unknown };
}
const person = (nameId: string) => ({ assertion: { nameId, attributes: [["email", [org.email("ada")]]] as const } });
const enter = (nameId: string, site = idp) => signIn(new Browser(base), site, person(nameId));

test("SAML-62: `saml set --link-policy`, `saml links`, `saml link approve` and `reject`", async () => {
  expect((await plenum("saml", "set", "--link-policy", "admin")).json).toMatchObject({
    options: { linkPolicy: "admin" },
  });
  await enter("one");
  await enter("two");
  const { json: waiting } = (await plenum("saml", "links")) as { json: { id: string; identity: string }[] };
  expect(waiting).toMatchObject([
    { identity: "one", email: org.email("ada"), policy: "ADMIN", memberId: expect.stringMatching(/^mem_/) },
    { identity: "two", idpEntityId: idp.idpEntityId },
  ]);

  expect(await plenum("saml", "link", "approve", "--link", waiting[0]!.id)).toEqual({
    code: 0,
    json: { id: waiting[0]!.id, status: "LINKED" },
  });
  expect((await plenum("saml", "link", "reject", "--link", waiting[1]!.id)).code).toBe(0);
  expect((await plenum("saml", "links")).json).toEqual([]);
  expect((await enter("one")).session).toMatchObject({ role: "MEMBER" });
  expect(codeOn((await enter("two")).visit)).toBe("link_rejected");
  expect(await plenum("saml", "link", "approve", "--link", waiting[0]!.id)).toMatchObject({
    code: 1,
    json: { error: { code: "conflict" } },
  });
  expect((await plenum("saml", "set", "--link-policy", "verified_domain")).json).toMatchObject({ options: {} });
});

test("SAML-60: `saml relink` says first, then does, what becomes of whom an earlier identity provider knew", async () => {
  await enter("ada");
  const idpEntityId = "https://new.example/metadata";
  await org.run((tx) => changeConnection(tx, { id: idp.connection.id, change: { idpEntityId } }), org.operator);

  const counts = { moves: 1, taken: 0, protected: 0 };
  expect((await plenum("saml", "relink", "--dry-run")).json).toEqual([{ idpEntityId: idp.idpEntityId, ...counts }]);
  expect(await plenum("saml", "relink")).toMatchObject({ code: 1, json: { error: { code: "invalid" } } });
  expect((await plenum("saml", "relink", "--from", idp.idpEntityId)).json).toEqual({
    from: idp.idpEntityId,
    moved: 1,
    taken: 0,
    protected: 0,
  });
  expect((await plenum("saml", "relink", "--dry-run")).json).toEqual([]);
  expect((await enter("ada", { ...idp, idpEntityId })).session).toMatchObject({ role: "MEMBER" });
});
