import type {
  EventTypeId,
  GroupId,
  MemberId,
  SubscriptionId,
  TemplateId,
  ConnectionId,
  DomainId,
  InvitationId,
} from "../kernel/ids";

/**
 * What the domain announces, past tense, the noun first. Payloads hold ids only: a handler reads what it needs, under
 * the row security of the organization, when it runs.
 */
export interface DomainEvents {
  "organization.created": object;
  "organization.changed": object;
  "member.added": { memberId: MemberId };
  "member.activated": { memberId: MemberId };
  "member.changed": { memberId: MemberId };
  "member.suspended": { memberId: MemberId };
  "member.removed": { memberId: MemberId };
  "member.purged": { memberId: MemberId };
  "member.role_changed": { memberId: MemberId };
  "invitation.sent": { memberId: MemberId; invitationId: InvitationId };
  "invitation.ended": { memberId: MemberId; invitationId: InvitationId };
  "seat.taken": { memberId: MemberId; subscriptionId: SubscriptionId };
  "seat.released": { memberId: MemberId; subscriptionId: SubscriptionId };
  "seat.waited": { memberId: MemberId };
  "seat.refused": object;
  "subscription.created": { subscriptionId: SubscriptionId };
  "subscription.changed": { subscriptionId: SubscriptionId };
  "group.created": { groupId: GroupId };
  "group.changed": { groupId: GroupId };
  "group.removed": { groupId: GroupId };
  "group.membership_changed": { groupId: GroupId };
  "template.created": { templateId: TemplateId };
  "template.changed": { templateId: TemplateId };
  "template.assigned": { templateId: TemplateId };
  "template.unassigned": { templateId: TemplateId };
  "event_type.changed": { eventTypeId: EventTypeId };
  "event_type.renamed": { eventTypeId: EventTypeId };
  "connection.changed": { connectionId: ConnectionId };
  "certificate.expiry_noticed": { connectionId: ConnectionId };
  "domain.changed": { domainId: DomainId };
  "domain.lapsed": { domainId: DomainId };
  "enforcement.changed": object;
  "enforcement.paused": object;
  "enforcement.resumed": object;
  "break_glass.used": { memberId: MemberId };
  "break_glass.refused": object;
  "session.started": { memberId: MemberId };
  "session.ended": { memberId: MemberId };
}

export type EventName = keyof DomainEvents;
export type DomainEvent = { [N in EventName]: { readonly name: N } & DomainEvents[N] }[EventName];

/** Every name, for the house test that compares emitted with declared ones. */
export const eventNames = [
  "organization.created",
  "organization.changed",
  "member.added",
  "member.activated",
  "member.changed",
  "member.suspended",
  "member.removed",
  "member.purged",
  "member.role_changed",
  "invitation.sent",
  "invitation.ended",
  "seat.taken",
  "seat.released",
  "seat.waited",
  "seat.refused",
  "subscription.created",
  "subscription.changed",
  "group.created",
  "group.changed",
  "group.removed",
  "group.membership_changed",
  "template.created",
  "template.changed",
  "template.assigned",
  "template.unassigned",
  "event_type.changed",
  "event_type.renamed",
  "connection.changed",
  "certificate.expiry_noticed",
  "domain.changed",
  "domain.lapsed",
  "enforcement.changed",
  "enforcement.paused",
  "enforcement.resumed",
  "break_glass.used",
  "break_glass.refused",
  "session.started",
  "session.ended",
] as const satisfies readonly EventName[];
