import { isDeepStrictEqual } from "node:util";
import { invalid, notFound } from "../../kernel/errors";
import type { ConnectionId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { findDialect, lockDialect, updateDialect, type StoredDialect } from "./dialect.store";
import { engineOf } from "./replay-request";

export interface ShownDialect extends StoredDialect {
  /** Every switch as it stands. */
  readonly effective: Readonly<Record<string, unknown>>;
}

/** @throws PlenumError `not_found`. */
export const showDialect = useCase(
  "provisioning:read",
  async (tx: Tx, input: { connectionId: ConnectionId }): Promise<ShownDialect> => {
    const dialect = await findDialect(tx, input.connectionId);
    if (!dialect) throw notFound("connection");
    return withEffect(tx, dialect);
  },
  "showDialect",
);

/**
 * Chooses by which rules a connection's requests are read (SCIM-002); the next request is read by them. Switches are
 * given as a whole: what is left out follows the preset again.
 * @throws PlenumError `not_found`, `invalid` naming the preset or the switch.
 */
export const setDialect = useCase(
  "identity:write",
  async (
    tx: Tx,
    input: { connectionId: ConnectionId; preset?: string; switches?: Readonly<Record<string, unknown>> },
  ): Promise<ShownDialect> => {
    const { connectionId } = input;
    const before = await lockDialect(tx, connectionId);
    if (!before) throw notFound("connection");
    const after = { preset: input.preset ?? before.preset, switches: input.switches ?? before.switches };
    requireKnown(tx, after);
    if (isDeepStrictEqual(before, after)) return withEffect(tx, after);

    await updateDialect(tx, connectionId, after);

    tx.audit({ action: "scim.dialect", target: { kind: "connection", id: connectionId }, facts: { ...after } });
    tx.emit({ name: "connection.changed", connectionId });
    return withEffect(tx, after);
  },
  "setDialect",
);

function requireKnown(tx: Tx, { preset, switches }: StoredDialect): void {
  const { presets, fits } = engineOf(tx).dialects;
  if (!presets.includes(preset)) throw invalid("preset", presets.join(", "), preset);
  for (const [name, value] of Object.entries(switches)) {
    if (!fits(name, value))
      throw invalid(`switches.${name.slice(0, 40)}`, "a switch and a position that it has", value);
  }
}

function withEffect(tx: Tx, dialect: StoredDialect): ShownDialect {
  const effective = engineOf(tx).dialects.effective(dialect.preset, dialect.switches);
  return { ...dialect, effective };
}
