import { systemOf } from "../domain/access";
import { secondMs } from "../kernel/clock";
import { claimAgenda, extendAgenda, failAgenda, makeDue, settleAgenda, type AgendaClaim } from "../platform/lobby";
import type { Database } from "../platform/unit-of-work";
import { agendaWork, type AgendaTools } from "./agenda-work";

const batch = 8;
const leaseSeconds = 60;
const heartbeatMs = 20 * secondMs;

/** The lease went to another worker while this one slept; what it did is rolled back (REL-13). */
export class LeaseLost extends Error {
  constructor(claim: AgendaClaim) {
    super(`the lease on ${claim.kind} was lost to another worker`);
  }
}

/** Claims due work and does it, one unit of work each; answers how much was claimed. */
export async function workAgenda(db: Database, tools: AgendaTools): Promise<number> {
  const claims = await claimAgenda(db, batch, leaseSeconds);
  for (const claim of claims) await attempt(db, tools, claim);
  return claims.length;
}

async function attempt(db: Database, tools: AgendaTools, claim: AgendaClaim): Promise<void> {
  const { orgId, kind } = claim;
  const beating = setInterval(() => void extendAgenda(db, claim, leaseSeconds).catch(() => false), heartbeatMs);
  try {
    await doClaimed(db, tools, claim);
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

/** The work of one claim. The claim is settled first: whatever comes due meanwhile is noted behind it. */
export async function doClaimed(db: Database, tools: AgendaTools, claim: AgendaClaim): Promise<void> {
  const caller = systemOf(claim.orgId, `agenda-${claim.kind.toLowerCase()}-${claim.fence}`);
  await db.run(caller, async (tx) => {
    if (!(await settleAgenda(tx, claim, null))) throw new LeaseLost(claim);
    const nextDueAt = await agendaWork[claim.kind](tx, tools);
    if (nextDueAt) await makeDue(tx, claim.kind, nextDueAt);
  });
}
