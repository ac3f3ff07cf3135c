import { systemOf } from "../domain/access";
import { secondMs } from "../kernel/clock";
import { claimAgenda, extendAgenda, failAgenda, settleAgenda, type AgendaClaim } from "../platform/lobby";
import type { Database } from "../platform/unit-of-work";
import { agendaWork, type AgendaTools, type AgendaWork } from "./agenda-work";

const batch = 8;
const leaseSeconds = 60;
const heartbeatMs = 20 * secondMs;

/** The lease went to another worker while this one slept; what it did is rolled back (REL-13). */
export class LeaseLost extends Error {
  constructor({ kind }: AgendaClaim) {
    super(`the lease on ${kind} was lost to another worker`);
  }
}

/** Claims due work and does it; answers how much was claimed. */
export async function workAgenda(db: Database, tools: AgendaTools, works = agendaWork): Promise<number> {
  const claims = await claimAgenda(db, batch, leaseSeconds);
  for (const claim of claims) await attempt(db, tools, claim, works[claim.kind]);
  return claims.length;
}

async function attempt(
  db: Database,
  tools: AgendaTools,
  claim: AgendaClaim,
  work: AgendaWork | undefined,
): Promise<void> {
  const { orgId, kind } = claim;
  const beating = setInterval(() => void extendAgenda(db, claim, leaseSeconds).catch(() => false), heartbeatMs);
  try {
    if (!work) throw new Error(`nobody does the due work ${kind}`);
    await doClaimed(db, tools, claim, work);
  } catch (error) {
    if (error instanceof LeaseLost) tools.log.warn({ orgId, kind }, error.message);
    else {
      tools.log.error({ err: error, orgId, kind, failures: claim.failures + 1 }, "due work failed");
      await failAgenda(db, claim);
    }
  } finally {
    clearInterval(beating);
  }
}

/** The work of one claim, settled in its last unit of work. */
export async function doClaimed(db: Database, tools: AgendaTools, claim: AgendaClaim, work: AgendaWork): Promise<void> {
  const caller = systemOf(claim.orgId, `agenda-${claim.kind.toLowerCase()}-${claim.fence}`);
  await work(
    db,
    caller,
    async (tx, nextDueAt) => {
      if (!(await settleAgenda(tx, claim, nextDueAt))) throw new LeaseLost(claim);
    },
    tools,
  );
}
