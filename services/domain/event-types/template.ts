import type { MemberId, TemplateId } from "../../kernel/ids";
import type { FieldValues, Section, TemplateKind } from "./fields";

/** LOCKED: the template has the last word, at once and for everybody. UNLOCKED: each member may differ (EVT-09). */
export type Lock = "LOCKED" | "UNLOCKED";
export type Locks = Readonly<Record<Section, Lock>>;

export const templateStatuses = ["ACTIVE", "ARCHIVED"] as const;
export type TemplateStatus = (typeof templateStatuses)[number];

/** A managed event type, as the administrator keeps it (EVT-02). */
export interface EventTypeTemplate {
  readonly id: TemplateId;
  readonly kind: TemplateKind;
  readonly slug: string;
  readonly values: FieldValues;
  readonly locks: Locks;
  readonly revision: number;
  readonly status: TemplateStatus;
  /** Who wrote the last revision; null: not a member (operator, worker). */
  readonly editedBy: MemberId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Members decide where and when they meet; what the event is and what invitees are told is the template's (EVT-08). */
export const initialLocks: Locks = {
  DETAILS: "LOCKED",
  LOCATION: "UNLOCKED",
  AVAILABILITY: "UNLOCKED",
  QUESTIONS: "LOCKED",
  NOTIFICATIONS: "LOCKED",
  BOOKING_PAGE: "LOCKED",
  BRANDING: "LOCKED",
  CERTIFICATE: "LOCKED",
};

/** What one revision changed, by field, `slug` and `lock:SECTION`. */
export type Diff = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** One immutable state of a template (EVT-13). */
export interface TemplateRevision {
  readonly revision: number;
  readonly slug: string;
  readonly values: FieldValues;
  readonly locks: Locks;
  readonly diff: Diff;
  readonly editedBy: MemberId | null;
  readonly createdAt: Date;
}

/** What happens where a member has an event type with the template's path already (EVT-14). */
export const slugClashPolicies = ["RENAME_EXISTING_AND_NOTIFY", "SUFFIX_MANAGED", "SKIP"] as const;
export type SlugClashPolicy = (typeof slugClashPolicies)[number];
