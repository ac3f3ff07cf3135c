import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findOffered, type OfferedEntitlement } from "./entitlements.store";

export type { OfferedEntitlement } from "./entitlements.store";

/** Every service plan that the organization has pools of, with how many seats are bought and taken (SCIM-066). */
export const listEntitlementsOffered = useCase(
  "seat:read",
  async (tx: Tx, _input: object): Promise<OfferedEntitlement[]> => findOffered(tx),
  "listEntitlementsOffered",
);
