import { readId, type OrgId } from "../../../services/kernel/ids";
import { cookieNames } from "../../../services/platform/cookies";
import type { Bench, BenchCase } from "../bench";
import { compare } from "../compare";
import { seedMembers, seedSession } from "../seed";

const query = `query Members($id: ID!) {
  organization(id: $id) {
    id name
    members(first: 50) {
      nodes { id displayName email role status createdAt seat { id subscription { id quantity used plan { code name } } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** The page that every console opens first: 50 members with seat, subscription and plan. */
export const membersPage: BenchCase = {
  names: ["graphql.membersPage"],
  async run(bench: Bench) {
    const org = await bench.command<{ id: string }>([
      ...["org", "create", "--name", "Bench", "--slug", "bench", "--owner-email", "owner@bench.test"],
      ...["--plan", "teams", "--seats", "1"],
    ]);
    const orgId = readId(org.id)?.id as OrgId;
    await seedMembers(bench, orgId, 100_000);
    // A session, as the console has one: a token would soon have spent its points (GQL-31).
    const session = await seedSession(bench, orgId);
    const ours = await bench.plenum({ PLENUM_DOORS: "gateway", NODE_ENV: "" });
    const floor = await bench.floor("members-page");
    const headers = {
      "content-type": "application/json",
      accept: "application/json",
      cookie: `${cookieNames.session}=${session}`,
    };
    const body = JSON.stringify({ query, variables: { id: org.id } });
    const result = await compare({
      ours: {
        port: ours.port,
        pids: [ours.pid],
        status: 200,
        next: () => ({ method: "POST", path: "/graphql", headers, body }),
      },
      floor: {
        port: floor.port,
        pids: [floor.pid],
        status: 200,
        next: () => ({ method: "POST", path: "/members", headers, body }),
      },
      connections: 16,
      floorIs: "bare Express route: session check, one hand-written statement under row security, JSON.stringify",
      atLeast: 0.75,
    });
    return { "graphql.membersPage": result };
  },
};
