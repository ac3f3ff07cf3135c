import type { BenchCase } from "../bench";
import type { BenchRequest } from "../load";
import { growth, headersOf, provision, scimServer, side, type Provisioned } from "../scim-org";

const deep = 90_000;

/** Deep in a list of 100,000, by number and by cursor. */
export const scimLists: BenchCase = {
  names: ["scim.listDeep.page", "scim.listDeep.cursor"],
  async run(bench) {
    const org = await provision(bench, "lists", 100_000);
    const server = await scimServer(bench);
    const reading = (query: string) => side(server, 200, () => get(org, `/Users?${query}`));
    const far = encodeURIComponent(await cursorAt(server.port, org));
    return {
      "scim.listDeep.page": await growth(reading(`count=100&startIndex=${deep}`), reading("count=100&startIndex=1"), {
        floorIs: "the first page of 100",
        atMost: 3,
      }),
      "scim.listDeep.cursor": await growth(reading(`count=200&cursor=${far}`), reading("count=200&cursor="), {
        floorIs: "the first page of 200 by cursor",
        atMost: 1.2,
      }),
    };
  },
};

const get = (org: Provisioned, path: string): BenchRequest => ({
  method: "GET",
  path: `${org.baseUrl}${path}`,
  headers: headersOf(org),
});

// Cursors are sealed, and hold for pages of one size: the only way to a deep one is to walk there.
async function cursorAt(port: number, org: Provisioned): Promise<string> {
  let cursor = "";
  for (let read = 0; read < deep; read += 200) {
    const query = `count=200&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`http://127.0.0.1:${port}${org.baseUrl}/Users?${query}`, {
      headers: { ...headersOf(org) },
    });
    cursor = ((await answer.json()) as { nextCursor: string }).nextCursor;
  }
  return cursor;
}
