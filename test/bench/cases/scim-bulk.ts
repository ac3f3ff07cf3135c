import type { BenchCase } from "../bench";
import { median, round, type BenchResult } from "../compare";
import { load } from "../load";
import { headersOf, provision, scimServer, side, type Provisioned } from "../scim-org";
import { creating } from "./scim-users";

const entries = 1_000;

/** A client that sends a thousand people in one request, and one that sends them one by one. */
export const scimBulk: BenchCase = {
  names: ["scim.bulk1000"],
  async run(bench) {
    const org = await provision(bench, "bulk", 100_000);
    const server = await scimServer(bench);
    const single = creating(org, `${org.baseUrl}/Users`, "bulk", "single");
    const rates: { bulk: number; single: number }[] = [];
    let sent = 0;
    for (let round = 0; round < 5; round++) {
      const one = await load(side(server, 201, single), { connections: 1, seconds: 3, from: sent });
      sent += one.sent;
      const perSecond = await bulkOf(server.port, org, round);
      // The first round is for the caches of both.
      if (round > 0) rates.push({ bulk: perSecond, single: one.perSecond });
    }
    const ratio = median(rates.map((rate) => rate.bulk / rate.single));
    const result: BenchResult = {
      ours: round(median(rates.map((rate) => rate.bulk))),
      floor: round(median(rates.map((rate) => rate.single))),
      ratio: round(ratio),
      unit: "users/s",
      floorIs: "the same users by single POSTs of one client",
      must: "≥ 2",
      met: ratio >= 2,
    };
    return { "scim.bulk1000": result };
  },
};

async function bulkOf(port: number, org: Provisioned, round: number): Promise<number> {
  const make = creating(org, "/Users", "bulk", `round${round}x`);
  const Operations = Array.from({ length: entries }, (_, n) => ({
    method: "POST",
    path: "/Users",
    bulkId: `b${n}`,
    data: JSON.parse(make(n).body ?? "{}") as object,
  }));
  const body = JSON.stringify({ schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], Operations });
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${org.baseUrl}/Bulk`, {
    method: "POST",
    headers: { ...headersOf(org) },
    body,
  });
  const outcome = (await answer.json()) as { Operations: { status: string }[] };
  const seconds = (performance.now() - began) / 1000;
  // What there was no time for in the limit of one request was not made; only what was made counts.
  const made = outcome.Operations.filter(({ status }) => status === "201").length;
  if (outcome.Operations.some(({ status }) => status !== "201" && status !== "503"))
    throw new Error(`a bulk entry was refused: ${JSON.stringify(outcome.Operations).slice(0, 300)}`);
  return made / seconds;
}
