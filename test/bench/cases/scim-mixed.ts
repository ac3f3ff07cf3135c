import { publicId } from "../../../services/kernel/ids";
import type { BenchCase } from "../bench";
import { compare } from "../compare";
import type { BenchRequest } from "../load";
import { headersOf, memberIds, provision, scimServer, seedGroup, side } from "../scim-org";
import { creating } from "./scim-users";

const users = 2_000;
const floorIs = "scimmy-routers with its documented handlers in memory";

/** The library that a team would take instead, with everything it keeps in memory. */
export const scimMixed: BenchCase = {
  names: ["scim.mixed.create", "scim.mixed.filter", "scim.mixed.addMember"],
  async run(bench) {
    const org = await provision(bench, "mixed", users);
    const group = await seedGroup(bench, org, "Everybody", users);
    // Members of the organization who are not in the group yet: adding each of them changes something.
    const outside = (await memberIds(bench, org)).map((id) => publicId("member", id));
    const ours = await scimServer(bench);
    const theirs = await bench.floor("scimmy", { USERS: String(users) });
    const headers = headersOf(org);
    const bases = { ours: org.baseUrl, theirs: "/scim" } as const;

    const filter =
      (base: string) =>
      (n: number): BenchRequest => {
        const name = `user${String(((n * 7919) % users) + 1).padStart(6, "0")}@bulk.test`;
        return { method: "GET", path: `${base}/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`, headers };
      };
    const add =
      (base: string, id: string, people: readonly string[]) =>
      (n: number): BenchRequest => {
        // Out and in again: the group keeps its size, and every second request adds one.
        const op = n % 2 === 0 ? "remove" : "add";
        const value = people[(n >> 1) % people.length] ?? "";
        const operation =
          op === "remove" ? { op, path: `members[value eq "${value}"]` } : { op, path: "members", value: [{ value }] };
        const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [operation] };
        return {
          method: "PATCH",
          path: `${base}/Groups/${id}`,
          headers,
          body: JSON.stringify(body),
        };
      };
    const theirPeople = Array.from({ length: users }, (_, n) => `user-${n}`);
    const at = { connections: 8, rounds: 3, seconds: 2, floorIs };
    // Filters first: creating makes the organization larger.
    const filtered = await compare({
      ...at,
      connections: 2,
      ours: side(ours, 200, filter(bases.ours)),
      floor: side(theirs, 200, filter(bases.theirs)),
      atLeast: 100,
    });
    const added = await compare({
      ...at,
      connections: 1,
      ours: side(ours, 204, add(bases.ours, group, outside)),
      floor: side(theirs, 200, add(bases.theirs, "group-0", theirPeople)),
      atLeast: 20,
    });
    const created = await compare({
      ...at,
      ours: side(ours, 201, creating(org, `${bases.ours}/Users`, "mixed", "ours")),
      floor: side(theirs, 201, creating(org, `${bases.theirs}/Users`, "mixed", "theirs")),
      atLeast: 1,
    });
    return { "scim.mixed.create": created, "scim.mixed.filter": filtered, "scim.mixed.addMember": added };
  },
};
