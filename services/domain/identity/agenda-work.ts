import type { Caller } from "../../platform/caller";
import type { Database, Tx } from "../../platform/unit-of-work";

/** Ends the claim of an agenda line inside the last unit of work; null: nothing is due until something lowers it. */
export type Settle = (tx: Tx, nextDueAt: Date | null) => Promise<void>;

/**
 * A kind of due work of one organization. What waits for the network does so between two units of work, so the work is
 * given the database and not a transaction; `caller` is the system inside that organization.
 */
export type AgendaWork = (db: Database, caller: Caller, settle: Settle) => Promise<void>;
