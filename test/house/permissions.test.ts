import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { permissionsOfKind, permissionsOfRole, registeredUseCases } from "../../services/domain/access";
import { permissions } from "../../services/platform/caller";

const modules = join(__dirname, "../../services/domain");

beforeAll(() => {
  for (const module of readdirSync(modules)) {
    const front = join(modules, module, "index.ts");
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- jest's loader has no dynamic import
    if (existsSync(front)) require(front);
  }
});

test("every use case has a name of its own and a permission that somebody has", () => {
  const useCases = registeredUseCases();
  const held = new Set(
    [...Object.values(permissionsOfRole), ...Object.values(permissionsOfKind)].flatMap((set) => [...set]),
  );

  expect(useCases.length).toBeGreaterThan(20);
  expect(useCases.filter(({ permission }) => !held.has(permission))).toEqual([]);
  expect(useCases.filter(({ verb }) => !/^[a-z][A-Za-z]+$/.test(verb))).toEqual([]);
  const verbs = useCases.map(({ verb }) => verb);
  expect(verbs.filter((verb, i) => verbs.indexOf(verb) !== i)).toEqual([]);
});

test("D5: the roles contain each other; only an owner hands ownership on; only the operator and the worker operate", () => {
  const of = (role: "OWNER" | "ADMIN" | "MEMBER") => [...permissionsOfRole[role]];

  expect(of("MEMBER").filter((p) => !permissionsOfRole.ADMIN.has(p))).toEqual([]);
  expect(of("ADMIN").filter((p) => !permissionsOfRole.OWNER.has(p))).toEqual([]);
  expect(of("OWNER").filter((p) => !permissionsOfRole.ADMIN.has(p))).toEqual(["owner:transfer"]);
  expect(of("OWNER")).not.toContain("operate");
  expect([...permissionsOfKind.scim]).not.toContain("owner:transfer");
  expect(permissions.filter((p) => !permissionsOfKind.system.has(p))).toEqual([]);
});
