import type { EventTypeId, MemberId, TemplateId } from "../../kernel/ids";
import type { FieldValues, Section, TemplateKind } from "./fields";

/** HIDDEN: its member cannot be booked (invited, suspended, removed). ARCHIVED: no longer offered (EVT-15). */
export const eventTypeStatuses = ["ACTIVE", "HIDDEN", "ARCHIVED"] as const;
export type EventTypeStatus = (typeof eventTypeStatuses)[number];

/** What invitees book with one member: the member's own, or their copy of a template. */
export interface EventType {
  readonly id: EventTypeId;
  readonly memberId: MemberId;
  /** Null: the member's own. */
  readonly templateId: TemplateId | null;
  readonly kind: TemplateKind;
  readonly slug: string;
  readonly status: EventTypeStatus;
  /** The values in force. */
  readonly values: FieldValues;
  readonly lockedSections: readonly Section[];
  /** Sections in which the member differs from the template. */
  readonly overriddenSections: readonly Section[];
  /** Who last edited the template behind it, and when (EVT-13). */
  readonly templateEditedBy: MemberId | null;
  readonly templateEditedAt: Date | null;
  readonly createdAt: Date;
  readonly version: string;
}
