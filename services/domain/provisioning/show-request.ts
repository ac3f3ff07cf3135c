import { notFound } from "../../kernel/errors";
import type { ProvisioningEntryId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { openRequest, reasonAgainstReplay, type OpenedRequest } from "./kept-entry";
import { findKeptEntry, listLogged, type LoggedRequest, type LogPage } from "./log.store";

const pageMax = 500;

/** The provisioning log, newest first (SCIM-195). */
export const listRequests = useCase(
  "provisioning:read",
  async (tx: Tx, page: LogPage): Promise<LoggedRequest[]> =>
    listLogged(tx, { ...page, first: Math.min(Math.max(page.first, 1), pageMax) }),
  "listRequests",
);

export interface ShownRequest {
  readonly entry: LoggedRequest;
  /** What was asked, without secrets. */
  readonly request: OpenedRequest;
  /** Why it cannot be done again; null where it can. */
  readonly notReplayable: string | null;
}

/**
 * One line of the log with the request behind it.
 * @throws PlenumError `not_found`.
 */
export const showRequest = useCase(
  "provisioning:read",
  async (tx: Tx, input: { id: ProvisioningEntryId }): Promise<ShownRequest> => {
    const found = await findKeptEntry(tx, input.id);
    if (!found) throw notFound("provisioning entry");
    const request = await openRequest(tx, found);
    const {
      sealed: _sealed,
      connectionName: _n,
      roleCeiling: _r,
      preset: _p,
      switches: _s,
      scimState: _t,
      ...entry
    } = found;
    return { entry, request, notReplayable: reasonAgainstReplay(found, request) ?? null };
  },
  "showRequest",
);
