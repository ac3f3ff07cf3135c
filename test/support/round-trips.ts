import { poolOf } from "../../services/platform/data-source";
import type { Database } from "../../services/platform/unit-of-work";

/** Counts what a database's connections send from now on, each batch of statements as one. */
export function countRoundTrips(db: Database): {
  of<T>(work: () => Promise<T>): Promise<{ result: T; trips: number }>;
} {
  let trips = 0;
  const counted = new WeakSet();
  poolOf(db.source).on("acquire", (client) => {
    if (counted.has(client)) return;
    counted.add(client);
    const query = client.query.bind(client) as (...call: unknown[]) => unknown;
    Object.assign(client, { query: (...call: unknown[]) => (trips++, query(...call)) });
  });
  return {
    async of(work) {
      trips = 0;
      const result = await work();
      return { result, trips };
    },
  };
}
