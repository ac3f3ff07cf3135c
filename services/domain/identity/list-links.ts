import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { listLinkRows, type ListedLink } from "./links.store";

/** The identities that wait, oldest first; a thousand at most (SAML-62). */
export const listWaitingLinks = useCase(
  "identity:read",
  async (tx: Tx, _input: object): Promise<readonly ListedLink[]> => listLinkRows(tx),
  "listWaitingLinks",
);
