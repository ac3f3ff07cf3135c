import { newId, publicId, readId } from "../../services/kernel/ids";
import { asSuperuser } from "../support/identity";
import { GraphqlDoor, tokenOf } from "./support/door";
import { fingerprint } from "./support/fingerprint";
import { mutationScene, otherKeys, sceneOutside, type MutationScene } from "./support/mutation-scene";
import {
  documentOf,
  idPaths,
  inputs,
  inputTypeOf,
  mutationNames,
  valueAt,
  withValueAt,
} from "./support/mutation-table";
import { textPlaces, withTextAt } from "./support/text-places";

// Every mutation of the schema, from the schema: a new one cannot be forgotten here.
let door: GraphqlDoor;
let theirs: MutationScene;

beforeAll(async () => {
  door = await GraphqlDoor.open({ outside: sceneOutside, budget: { points: 1e9, restorePerSecond: 1e9 } });
  theirs = await mutationScene(door, { sso: true });
});

const inputOf = async (name: string, { ids }: MutationScene) =>
  (inputs[name] ?? unknownMutation)(ids, await otherKeys());

const unknownMutation = (): never => {
  throw new Error("give the mutation an input in support/mutation-table.ts");
};

interface Sent {
  readonly token: string;
  readonly name: string;
  readonly input: object;
}

async function send({ token, name, input }: Sent) {
  const { data, errors } = await door.ask(token, documentOf(name), { input });
  const payload = (data?.[name] ?? null) as { userErrors: { code: string; path: string[] }[] } | null;
  const told = payload?.userErrors ?? [];
  return { payload, codes: [...errors.map((e) => e.extensions.code), ...told.map((e) => e.code)], told };
}

const refusals = /^(INVALID|NOT_FOUND|TOO_LARGE|STALE_VERSION)$/;

// Who is not in a group is taken out of it without an error, whoever they are.
const nothingToDo = new Set(["removeFromGroup.memberIds.0"]);

test("DB-44: the table of mutations is the schema's", () => {
  expect(Object.keys(inputs).sort()).toEqual(mutationNames);
});

describe.each(mutationNames)("%s", (name) => {
  let scene: MutationScene;

  beforeAll(async () => {
    scene = await mutationScene(door, { sso: true });
  });

  test("SEC-50: nobody without the right gets through it, and the attempt is in the audit log", async () => {
    const token = await tokenOf(scene.org, "MEMBER", (await scene.org.add("nobody")).id);
    const input = await inputOf(name, scene);
    const before = await fingerprint(scene.org.orgId);

    const { codes, payload } = await send({ token, name, input });

    // A member's own things are theirs; somebody else's are not there for them.
    expect([["FORBIDDEN"], ["NOT_FOUND"]]).toContainEqual(codes);
    if (codes[0] === "FORBIDDEN") {
      expect(payload).toBe(null);
      const [entry] = await asSuperuser<{ n: number }>(
        "select count(*)::integer as n from audit_entry where org_id = $1 and action = 'access.deny'",
        [scene.org.orgId],
      );
      expect(entry!.n).toBe(1);
    }
    const [touched] = await asSuperuser("update api_token set last_used_at = null where org_id = $1", [
      scene.org.orgId,
    ]);
    expect(touched).toBe(undefined);
    expect(await fingerprint(scene.org.orgId)).toEqual(before);
  });

  test("NFR-01, DB-44: with somebody else's id it does what it does with one that never was, and nothing to them", async () => {
    const input = await inputOf(name, scene);
    const before = await fingerprint(theirs.org.orgId);
    for (const path of idPaths(input)) {
      const kind = readId(String(valueAt(input, path)))!.kind;
      const foreign = valueAt(await inputOf(name, theirs), path);
      const never = publicId(kind, newId(kind));
      const [one, other] = [
        await send({ token: scene.token, name, input: withValueAt(input, path, foreign) }),
        await send({ token: scene.token, name, input: withValueAt(input, path, never) }),
      ];
      const nothing = nothingToDo.has(`${name}.${path.join(".")}`);
      expect([path, one.codes]).toEqual([path, nothing ? [] : ["NOT_FOUND"]]);
      expect(one).toEqual(other);
    }
    expect(await fingerprint(theirs.org.orgId)).toEqual(before);
  });

  test("GQL-18: every text that it takes is bounded and clean, and the refusal says where it stands", async () => {
    const before = await fingerprint(scene.org.orgId);
    const input = await inputOf(name, scene);
    for (const place of textPlaces(inputTypeOf(name))) {
      const long = withTextAt(name, input, place, "x".repeat(120_000));
      const { codes, told } = await send({ token: scene.token, name, input: long });
      expect([place, codes.length, codes[0]]).toEqual([place, 1, expect.stringMatching(refusals)]);
      // What was never there is named by the thing, a version by the thing that has another.
      if (codes.includes("INVALID")) expect([place, told[0]!.path[1]]).toEqual([place, place[0]!.name]);
      for (const text of ["zero\u0000", "half\ud800"]) {
        const bad = await send({ token: scene.token, name, input: withTextAt(name, input, place, text) });
        expect([place, bad]).toEqual([place, { payload: null, codes: ["BAD_USER_INPUT"], told: [] }]);
      }
    }
    expect(await fingerprint(scene.org.orgId)).toEqual(before);
  });

  test("GQL-14: with the right and the right input it is done, and everything that its payload shows can be asked", async () => {
    const { codes, payload } = await send({ token: scene.token, name, input: await inputOf(name, scene) });
    expect(codes).toEqual([]);
    expect(Object.entries(payload as object).filter(([, value]) => value === null)).toEqual([]);
  });
});

test("GQL-18: lists are bounded, at the door and by what they are", async () => {
  const { token, org, ids } = await mutationScene(door, { sso: true });
  const many = (n: number, value: unknown) => Array.from({ length: n }, () => value);
  const lists: readonly (readonly [string, object, readonly string[]])[] = [
    ["inviteMembers", { invitees: many(101, { email: org.email("x") }) }, ["invitees"]],
    [
      "updateConnection",
      { connectionId: ids.connection, options: { authnContexts: many(21, "c") } },
      ["options", "authnContexts"],
    ],
    [
      "importConnection",
      { manual: { idpEntityId: "e", ssoUrl: "https://a.example", certificates: many(6, "c") } },
      ["manual", "certificates"],
    ],
  ];
  for (const [name, input, field] of lists) {
    const { codes, told } = await send({ token, name, input });
    expect([name, codes, told[0]?.path]).toEqual([name, ["INVALID"], ["input", ...field]]);
  }
  const input = { connectionId: ids.connection, ipAllow: many(251, "192.0.2.1") };
  expect((await send({ token, name: "createScimToken", input })).codes).toEqual(["BAD_USER_INPUT"]);
});
