/** The body of an answer. */
export type Said = Readonly<Record<string, unknown>>;
export const trialClients = ["OKTA", "ENTRA", "JUMPCLOUD"] as const;
export type TrialClient = (typeof trialClients)[number];

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

interface Scene {
  /** What was answered so far, by the step's name. */
  readonly said: ReadonlyMap<string, Said>;
  readonly word: string;
}

export interface Step {
  readonly name: string;
  readonly expected: readonly number[];
  /** Whether the steps behind it cannot go without it. */
  readonly isNeeded?: true;
  request(scene: Scene): Asked;
  /** What is wrong with the answer, or nothing. */
  check?(document: Said): string | undefined;
}

const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const coreGroup = "urn:ietf:params:scim:schemas:core:2.0:Group";
const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const nameOf = ({ word }: Scene) => `plenum.trial.${word}@example.com`;
const groupOf = ({ word }: Scene) => `Plenum trial ${word}`;
const idOf = ({ said }: Scene, step: string) => String(said.get(step)?.["id"]);
const found = (count: number) => (document: Said) =>
  document["totalResults"] === count
    ? undefined
    : `totalResults is ${String(document["totalResults"])}, expected ${count}`;
const isActive = (active: boolean) => (document: Said) =>
  Object.keys(document).length === 0 || document["active"] === active ? undefined : `active is not ${active}`;
const patch = (...operations: readonly object[]) => ({ schemas: [patchOp], Operations: operations });

const lookUp = (name: string, count: number): Step => ({
  name,
  expected: [200],
  request: (scene) => ({
    method: "GET",
    path: "/Users",
    query: { filter: `userName eq "${nameOf(scene)}"`, startindex: "1", count: "100" },
  }),
  check: found(count),
});

const create = (more: object): Step => ({
  name: "create a user",
  expected: [201],
  isNeeded: true,
  request: (scene) => ({
    method: "POST",
    path: "/Users",
    body: {
      schemas: [core],
      userName: nameOf(scene),
      name: { givenName: "Plenum", familyName: "Trial" },
      emails: [{ value: nameOf(scene), type: "work", primary: true }],
      ...more,
    },
  }),
});

const change = (name: string, path: (scene: Scene) => string, body: (scene: Scene) => object): Step => ({
  name,
  expected: [200, 204],
  request: (scene) => ({ method: "PATCH", path: path(scene), body: body(scene) }),
});
const user = (scene: Scene) => `/Users/${idOf(scene, "create a user")}`;
const group = (scene: Scene) => `/Groups/${idOf(scene, "create a group")}`;

const createGroup: Step = {
  name: "create a group",
  expected: [201],
  isNeeded: true,
  request: (scene) => ({
    method: "POST",
    path: "/Groups",
    body: { schemas: [coreGroup], displayName: groupOf(scene), members: [] },
  }),
};

const removal = (name: string, path: (scene: Scene) => string, expected = 204): Step => ({
  name,
  expected: [expected],
  request: (scene) => ({ method: "DELETE", path: path(scene) }),
});

/** What each provider sends, in its own forms (scim.md §22). */
export const trials: Readonly<Record<TrialClient, readonly Step[]>> = {
  OKTA: [
    {
      name: "read the first page",
      expected: [200],
      request: () => ({ method: "GET", path: "/Users", query: { startindex: "1", count: "2" } }),
    },
    lookUp("look for an unknown user", 0),
    create({ active: true, password: "drawn-by-okta", groups: [], externalId: "00utrial" }),
    lookUp("find the user again", 1),
    {
      ...change("deactivate", user, () => patch({ op: "replace", value: { active: false } })),
      check: isActive(false),
    },
    { ...change("reactivate", user, () => patch({ op: "replace", value: { active: true } })), check: isActive(true) },
    createGroup,
    change("push a member", group, (scene) =>
      patch({ op: "add", path: "members", value: [{ value: idOf(scene, "create a user"), display: "trial" }] }),
    ),
    change("rename the group", group, (scene) =>
      patch({ op: "replace", value: { id: idOf(scene, "create a group"), displayName: `${groupOf(scene)} 2` } }),
    ),
    removal("unlink and delete the group", group),
  ],
  ENTRA: [
    lookUp("test the connection", 0),
    create({ active: "True", title: null, addresses: null, roles: [], meta: { resourceType: "User" } }),
    lookUp("match the user", 1),
    change("give an address that is not there", user, () =>
      patch({ op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "+33 1 23 45 67 89" }),
    ),
    {
      ...change("disable", user, () => patch({ op: "Replace", path: "active", value: "False" })),
      check: isActive(false),
    },
    { ...change("enable", user, () => patch({ op: "Replace", path: "active", value: "True" })), check: isActive(true) },
    createGroup,
    change("add a member", group, (scene) =>
      patch({ op: "Add", path: "members", value: [{ $ref: null, value: idOf(scene, "create a user") }] }),
    ),
    change("remove the member", group, (scene) =>
      patch({ op: "Remove", path: "members", value: [{ $ref: null, value: idOf(scene, "create a user") }] }),
    ),
    removal("delete the user", user),
    removal("delete the user again", user, 404),
  ],
  JUMPCLOUD: [
    create({ active: true }),
    { name: "read the user", expected: [200], request: (scene) => ({ method: "GET", path: user(scene) }) },
    createGroup,
    change("add a member", group, (scene) =>
      patch({ op: "add", path: "members", value: [{ value: idOf(scene, "create a user") }] }),
    ),
    removal("delete the group", group),
    removal("delete the user", user),
  ],
};
