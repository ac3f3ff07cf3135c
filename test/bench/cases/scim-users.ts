import { readId } from "../../../services/kernel/ids";
import type { Bench, BenchCase } from "../bench";
import { compare, median, round, type BenchResult } from "../compare";
import { load, type BenchRequest, type Side } from "../load";
import { seedMembers } from "../seed";

interface Provisioned {
  readonly orgId: string;
  readonly baseUrl: string;
  readonly token: string;
  readonly connection: string;
}

async function provision(bench: Bench, slug: string, members: number): Promise<Provisioned> {
  const org = await bench.command<{ id: string }>([
    ...["org", "create", "--name", "Bench", "--slug", slug, "--owner-email", `owner@${slug}.test`],
    ...["--plan", "teams", "--seats", "500000"],
  ]);
  const scim = await bench.command<{ token: string; baseUrl: string; connectionId: string }>([
    "scim-token",
    "create",
    "--org",
    slug,
  ]);
  await bench.command(["domain", "add", "--org", slug, "--domain", `new.${slug}.test`]);
  const orgId = readId(org.id)?.id ?? "";
  await seedMembers(bench, orgId, members);
  return {
    orgId,
    baseUrl: new URL(scim.baseUrl).pathname,
    token: scim.token,
    connection: readId(scim.connectionId)?.id ?? "",
  };
}

const headers = (it: Provisioned) => ({
  authorization: `Bearer ${it.token}`,
  "content-type": "application/scim+json",
  accept: "application/scim+json",
  "x-connection": it.connection,
});

// A POST as Okta sends it.
function creating(it: Provisioned, path: string, slug: string, side: string) {
  return (n: number): BenchRequest => {
    const userName = `${side}${n}@new.${slug}.test`;
    const body = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName,
      name: { givenName: "New", familyName: `Person ${n}` },
      emails: [{ primary: true, value: userName, type: "work" }],
      displayName: `New Person ${n}`,
      locale: "en-US",
      externalId: `${side}${n}`,
      groups: [],
      password: "1mz050nq",
      active: true,
    };
    return { method: "POST", path, headers: headers(it), body: JSON.stringify(body) };
  };
}

function finding(it: Provisioned, members: number) {
  return (n: number): BenchRequest => {
    const name = `user${String(((n * 7919) % members) + 1).padStart(6, "0")}@bulk.test`;
    const path = `${it.baseUrl}/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}&startIndex=1&count=100`;
    return { method: "GET", path, headers: headers(it) };
  };
}

function findingBare(it: Provisioned, members: number) {
  return (n: number): BenchRequest => {
    const name = `user${String(((n * 7919) % members) + 1).padStart(6, "0")}@bulk.test`;
    return { method: "GET", path: `/find?userName=${name}`, headers: headers(it) };
  };
}

/** What an identity provider does all day: find somebody, create somebody in a seat. */
export const scimUsers: BenchCase = {
  names: ["scim.createUser", "scim.findByUserName", "scim.findByUserName.growth"],
  async run(bench) {
    const [large, small] = [await provision(bench, "large", 100_000), await provision(bench, "small", 1_000)];
    // The limit of 50 requests a second per connection would be what is measured.
    const ours = await bench.plenum({ PLENUM_DOORS: "scim", PLENUM_SCIM_RATE: "1000000" });
    const floor = await bench.floor("scim-users");
    const side = (port: { port: number; pid: number }, status: number, next: Side["next"]): Side => ({
      port: port.port,
      pids: [port.pid],
      status,
      next,
    });

    const createUser = await compare({
      ours: side(ours, 201, creating(large, `${large.baseUrl}/Users`, "large", "ours")),
      floor: side(floor, 201, creating(large, "/Users", "large", "floor")),
      connections: 8,
      floorIs: "the same rows by bare pg in one transaction behind bare http, 8 clients",
      atLeast: 0.5,
    });
    const find = await compare({
      ours: side(ours, 200, finding(large, 100_000)),
      floor: side(floor, 200, findingBare(large, 100_000)),
      connections: 8,
      floorIs: "bare pg index look-up returning the row, behind bare http, among 100,000 members",
      atLeast: 0.5,
    });
    const growth = await growthOf(side(ours, 200, finding(large, 100_000)), side(ours, 200, finding(small, 1_000)));
    return { "scim.createUser": createUser, "scim.findByUserName": find, "scim.findByUserName.growth": growth };
  },
};

// Time among 100,000 members by time among 1,000: what grows with the organization.
async function growthOf(large: Side, small: Side): Promise<BenchResult> {
  const ratios: number[] = [];
  const [many, few]: [number[], number[]] = [[], []];
  for (let i = 0; i < 5; i++) {
    const a = await load(large, { connections: 1, seconds: 2, from: i * 1000 });
    const b = await load(small, { connections: 1, seconds: 2, from: i * 1000 });
    many.push(1000 / a.perSecond);
    few.push(1000 / b.perSecond);
    ratios.push(b.perSecond / a.perSecond);
  }
  const ratio = median(ratios);
  return {
    ours: round(median(many)),
    floor: round(median(few)),
    ratio: round(ratio),
    unit: "ms per request",
    floorIs: "the same request among 1,000 members",
    must: "≤ 1.3",
    met: ratio <= 1.3,
  };
}
