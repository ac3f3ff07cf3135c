import { publicId } from "../../../services/kernel/ids";
import type { Bench, BenchCase } from "../bench";
import { median, round, type BenchResult } from "../compare";
import type { BenchRequest } from "../load";
import { growth, headersOf, memberIds, provision, scimServer, seedGroup, side, type Provisioned } from "../scim-org";

const lagMsMax = 50;

/** Groups of a whole enterprise: one member more or less, the group without its members, and all of them. */
export const scimGroups: BenchCase = {
  names: ["scim.patchGroupMember", "scim.groupWithoutMembers", "scim.wholeGroup.lag"],
  async run(bench) {
    const org = await provision(bench, "groups", 100_000);
    const everybody = await seedGroup(bench, org, "Everybody", 100_000);
    const few = await seedGroup(bench, org, "Few", 100);
    const people = (await memberIds(bench, org)).slice(0, 50).map((id) => publicId("member", id));
    const server = await scimServer(bench);
    const changing = (group: string) => side(server, 204, (n) => oneMember(org, group, people, n));
    const bare = (group: string) => side(server, 200, () => get(org, `/Groups/${group}?excludedAttributes=members`));
    return {
      "scim.patchGroupMember": await growth(changing(everybody), changing(few), {
        floorIs: "the same request for a group of 100 members",
        atMost: 1.3,
      }),
      "scim.groupWithoutMembers": await growth(bare(everybody), bare(few), {
        floorIs: "the same request for a group of 100 members",
        atMost: 1.2,
      }),
      "scim.wholeGroup.lag": await lagOf(bench, server.port, org, `/Groups/${everybody}`),
    };
  },
};

const get = (org: Provisioned, path: string): BenchRequest => ({
  method: "GET",
  path: `${org.baseUrl}${path}`,
  headers: headersOf(org),
});

// Out and in again, one after the other: each request changes one edge.
function oneMember(org: Provisioned, group: string, people: readonly string[], n: number): BenchRequest {
  const value = [{ value: people[(n >> 1) % people.length] }];
  const op = n % 2 === 0 ? "remove" : "add";
  const body = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op, path: "members", value }],
  };
  return {
    method: "PATCH",
    path: `${org.baseUrl}/Groups/${group}`,
    headers: headersOf(org),
    body: JSON.stringify(body),
  };
}

// The longest time for which the process did nothing else, as its own metrics tell; each look starts it anew.
async function lagOf(bench: Bench, port: number, org: Provisioned, path: string): Promise<BenchResult> {
  const base = `http://127.0.0.1:${port}`;
  const lag = async (): Promise<number> => {
    const text = await (await fetch(`${base}/metrics`)).text();
    return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]) * 1000;
  };
  const lags: number[] = [];
  const bytes: number[] = [];
  for (let n = 0; n < 7; n++) {
    await lag();
    const answer = await fetch(`${base}${org.baseUrl}${path}`, { headers: { ...headersOf(org) } });
    bytes.push((await answer.arrayBuffer()).byteLength);
    lags.push(await lag());
  }
  const usual = median(lags.slice(2));
  return {
    ours: round(usual),
    floor: lagMsMax,
    ratio: round(usual / lagMsMax),
    unit: "ms without a turn of the event loop",
    floorIs: `what other requests may wait for one answer of ${Math.round((bytes[0] ?? 0) / 1e6)} MB`,
    must: "≤ 1",
    met: usual <= lagMsMax,
  };
}
