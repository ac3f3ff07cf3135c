import { forgetSubject } from "../domain/audit";
import {
  onEventTypeRenamed,
  onGroupChanged,
  onMemberChanged,
  onMemberPurged,
  onTemplateAssigned,
} from "../domain/event-types";
import { onMemberActivated } from "../domain/groups";
import { forgetSignIns, onEnforcementBaseChanged } from "../domain/identity";
import { onConnectionChanged } from "../domain/provisioning";
import type { EventName } from "../platform/events";
import type { Tx } from "../platform/unit-of-work";
import type { Delivered } from "./deliveries.store";

/** Somebody who listens: a use case that may run late, twice and in another order. */
export interface Handler<N extends EventName> {
  /** Stable: what is done is remembered under it. */
  readonly name: string;
  readonly handle: (tx: Tx, input: { event: Delivered<N> }) => Promise<unknown>;
}

type Handlers = { readonly [N in EventName]?: readonly Handler<N>[] };

const followMember = { name: "event-types.follow-member", handle: onMemberChanged };
// What other modules take away, enforcement of single sign-on may stand on.
const watchEnforcement = { name: "identity.watch-enforcement", handle: onEnforcementBaseChanged };

/** Which use cases hear of which event. */
export const handlers: Handlers = {
  "member.added": [followMember],
  "member.activated": [followMember, { name: "groups.apply-rules", handle: onMemberActivated }],
  "member.suspended": [followMember, watchEnforcement],
  "member.removed": [followMember, watchEnforcement],
  "member.purged": [
    { name: "event-types.forget-member", handle: onMemberPurged },
    { name: "identity.forget-member", handle: forgetSignIns },
    { name: "audit.forget-member", handle: forgetSubject },
  ],
  "member.role_changed": [watchEnforcement],
  "subscription.changed": [watchEnforcement],
  "connection.changed": [{ name: "provisioning.left-behind", handle: onConnectionChanged }],
  "organization.changed": [watchEnforcement],
  "group.membership_changed": [{ name: "event-types.follow-group", handle: onGroupChanged }],
  "template.assigned": [{ name: "event-types.catch-up", handle: onTemplateAssigned }],
  "event_type.renamed": [{ name: "event-types.tell-renamed", handle: onEventTypeRenamed }],
};

/** The handlers of one event, as far as the compiler can know which it is. */
export function handlersOf(table: Handlers, name: EventName): readonly Handler<EventName>[] {
  return (table[name] ?? []) as readonly Handler<EventName>[];
}
