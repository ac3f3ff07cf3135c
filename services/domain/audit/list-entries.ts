import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findEntries, type EntryPage, type ListedEntry } from "./entries.store";

const pageMax = 100;

/** The audit log, newest first; the history of one thing is the filter by its id (SUB-13, SEC-52). */
export const listEntries = useCase(
  "audit:read",
  async (tx: Tx, page: EntryPage): Promise<ListedEntry[]> =>
    findEntries(tx, { ...page, first: Math.min(Math.max(page.first, 1), pageMax) }),
  "listEntries",
);
