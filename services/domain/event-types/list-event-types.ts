import { PlenumError } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { may, useCase } from "../access";
import { memberOf } from "./editor";
import type { EventType } from "./event-type";
import { listEventTypeRows, type EventTypePage } from "./event-types.store";

const pageMax = 100;

/**
 * A member's event types with the values in force, managed and own, by time of creation (EVT-01, EVT-11). Without
 * `memberId` the caller's own; somebody else's needs `event-type:read`.
 * @throws PlenumError `forbidden`.
 */
export const listEventTypes = useCase(
  "event-type:own",
  async (tx: Tx, input: EventTypePage & { memberId?: MemberId }): Promise<EventType[]> => {
    const self = memberOf(tx.caller);
    const memberId = input.memberId ?? self;
    if (memberId === null || (memberId !== self && !may(tx, "event-type:read"))) throw notYours();
    return listEventTypeRows(tx, memberId, { ...input, first: Math.min(Math.max(input.first, 1), pageMax) });
  },
  "listEventTypes",
);

/** The refusal for somebody else's event types. */
export function notYours(): PlenumError {
  return new PlenumError("forbidden", "these are another member's event types", { permission: "event-type:read" });
}
