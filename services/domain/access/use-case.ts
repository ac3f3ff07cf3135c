import { PlenumError } from "../../kernel/errors";
import type { Permission } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";

/** A verb of the product: what it needs, and the function behind it. */
export interface UseCase<I, O> {
  (tx: Tx, input: I): Promise<O>;
  readonly permission: Permission;
}

const registered: { permission: Permission; verb: string }[] = [];

/**
 * Declares a use case. The permission is checked first, so that no door can forget it; the house test lists them all.
 * @throws PlenumError `forbidden` naming the permission.
 */
export function useCase<I, O>(
  permission: Permission,
  work: (tx: Tx, input: I) => Promise<O>,
  verb = work.name,
): UseCase<I, O> {
  registered.push({ permission, verb });
  const guarded = async (tx: Tx, input: I): Promise<O> => {
    requirePermission(tx, permission);
    return work(tx, input);
  };
  return Object.assign(guarded, { permission });
}

/** Whether the caller of this unit of work has a permission. */
export function may(tx: Tx, permission: Permission): boolean {
  return tx.caller.permissions.has(permission);
}

/** @throws PlenumError `forbidden`. */
export function requirePermission(tx: Tx, permission: Permission): void {
  if (!may(tx, permission))
    throw new PlenumError("forbidden", `this needs the permission ${permission}`, { permission });
}

/** Every declared use case, for the house test. */
export function registeredUseCases(): readonly { permission: Permission; verb: string }[] {
  return registered;
}
