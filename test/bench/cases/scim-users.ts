import { publicId, type MemberId } from "../../../services/kernel/ids";
import type { BenchCase } from "../bench";
import { compare } from "../compare";
import type { BenchRequest } from "../load";
import { growth, headersOf, memberIds, provision, scimServer, side, type Provisioned } from "../scim-org";

/** A POST as Okta sends it. */
export function creating(it: Provisioned, path: string, slug: string, from: string) {
  return (n: number): BenchRequest => {
    const userName = `${from}${n}@new.${slug}.test`;
    const body = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName,
      name: { givenName: "New", familyName: `Person ${n}` },
      emails: [{ primary: true, value: userName, type: "work" }],
      displayName: `New Person ${n}`,
      locale: "en-US",
      externalId: `${from}${n}`,
      groups: [],
      password: "1mz050nq",
      active: true,
    };
    return { method: "POST", path, headers: headersOf(it), body: JSON.stringify(body) };
  };
}

const nameAt = (n: number, members: number): string =>
  `user${String(((n * 7919) % members) + 1).padStart(6, "0")}@bulk.test`;

function finding(it: Provisioned, members: number) {
  return (n: number): BenchRequest => {
    const filter = encodeURIComponent(`userName eq "${nameAt(n, members)}"`);
    return {
      method: "GET",
      path: `${it.baseUrl}/Users?filter=${filter}&startIndex=1&count=100`,
      headers: headersOf(it),
    };
  };
}

function findingBare(it: Provisioned, members: number) {
  return (n: number): BenchRequest => ({
    method: "GET",
    path: `/find?userName=${nameAt(n, members)}`,
    headers: headersOf(it),
  });
}

/** Members go and come back, a stretch of them at a time, so that each request changes something. */
function switching(it: Provisioned, ids: readonly MemberId[], target: (id: MemberId, active: boolean) => BenchRequest) {
  return (n: number): BenchRequest => {
    const active = Math.floor(n / ids.length) % 2 === 1;
    return { ...target(ids[n % ids.length] as MemberId, active), headers: headersOf(it) };
  };
}

/** What an identity provider does all day: find somebody, create somebody in a seat, switch somebody off. */
export const scimUsers: BenchCase = {
  names: ["scim.createUser", "scim.findByUserName", "scim.findByUserName.growth", "scim.patchActive"],
  async run(bench) {
    const [large, small] = [await provision(bench, "large", 100_000), await provision(bench, "small", 1_000)];
    const ids = await memberIds(bench, large);
    const ours = await scimServer(bench);
    const floor = await bench.floor("scim-users");

    const createUser = await compare({
      ours: side(ours, 201, creating(large, `${large.baseUrl}/Users`, "large", "ours")),
      floor: side(floor, 201, creating(large, "/Users", "large", "floor")),
      connections: 8,
      floorIs: "the same rows by bare pg in one transaction behind bare http, 8 clients",
      atLeast: 0.6,
    });
    const find = await compare({
      ours: side(ours, 200, finding(large, 100_000)),
      floor: side(floor, 200, findingBare(large, 100_000)),
      connections: 8,
      floorIs: "bare pg index look-up returning the row, behind bare http, among 100,000 members",
      atLeast: 0.6,
    });
    const oursActive = switching(large, ids.slice(0, 3_000), (id, active) => ({
      method: "PATCH",
      path: `${large.baseUrl}/Users/${publicId("member", id)}`,
      body: JSON.stringify({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "replace", value: { active } }],
      }),
    }));
    const floorActive = switching(large, ids.slice(10_000, 13_000), (id, active) => ({
      method: "PATCH",
      path: "/active",
      body: JSON.stringify({ id, active }),
    }));
    const patchActive = await compare({
      ours: side(ours, 200, oursActive),
      floor: side(floor, 200, floorActive),
      connections: 8,
      floorIs: "the same rows by bare pg in one transaction behind bare http, 8 clients",
      atLeast: 0.5,
    });
    return {
      "scim.createUser": createUser,
      "scim.findByUserName": find,
      "scim.findByUserName.growth": await growth(
        side(ours, 200, finding(large, 100_000)),
        side(ours, 200, finding(small, 1_000)),
        { floorIs: "the same request among 1,000 members", atMost: 1.3 },
      ),
      "scim.patchActive": patchActive,
    };
  },
};
