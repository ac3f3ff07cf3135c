import { secondMs } from "../kernel/clock";
import { lobbySql, statement } from "../platform/sql";
import type { Database } from "../platform/unit-of-work";

const databaseTime = statement("time-sync", `select extract(epoch from clock_timestamp())::float8 as seconds`);

/** Seconds between this process's clock and the database's; nothing while the database does not answer. */
export async function readClockOffset(db: Database): Promise<number | undefined> {
  try {
    const before = db.clock.now().getTime();
    const { seconds } = await lobbySql(db).one<{ seconds: number }>(databaseTime);
    // Half of the way there and back belongs to each clock.
    const ours = (before + db.clock.now().getTime()) / 2;
    return ours / secondMs - seconds;
  } catch {
    return undefined;
  }
}
