import { invalid } from "../../kernel/errors";
import { parseText } from "../../kernel/text";

/** Parts of a template that are locked or left to the members as a whole (EVT-08). */
export const sections = [
  "DETAILS",
  "LOCATION",
  "AVAILABILITY",
  "QUESTIONS",
  "NOTIFICATIONS",
  "BOOKING_PAGE",
  "BRANDING",
  "CERTIFICATE",
] as const;
export type Section = (typeof sections)[number];

/** One member and one invitee, or one member and many; managed event types know no other kinds (EVT-04). */
export const templateKinds = ["ONE_ON_ONE", "GROUP"] as const;
export type TemplateKind = (typeof templateKinds)[number];

export const locationKinds = ["NONE", "PHONE", "IN_PERSON", "VIDEO", "ASK_INVITEE"] as const;
export const questionKinds = ["TEXT", "LONG_TEXT", "PHONE", "CHOICE", "CHOICES"] as const;

export interface Question {
  readonly label: string;
  readonly kind: (typeof questionKinds)[number];
  readonly required: boolean;
  readonly choices: readonly string[];
}

/** What an event type is made of. */
export interface FieldValues {
  readonly name: string;
  readonly description: string;
  readonly durationMinutes: number;
  /** Invitees per session. */
  readonly capacity: number;
  readonly locationKind: (typeof locationKinds)[number];
  readonly locationText: string;
  readonly noticeMinutes: number;
  readonly horizonDays: number;
  readonly slotStepMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** Sessions of one day at most; null: no limit. */
  readonly dailyMax: number | null;
  readonly questions: readonly Question[];
  readonly confirmationText: string;
  readonly cancellationText: string;
  /** Reminders by e-mail, in minutes before the start. */
  readonly reminderMinutes: readonly number[];
  readonly introText: string;
  readonly showRemainingPlaces: boolean;
  readonly color: string;
  readonly issuesCertificate: boolean;
}

export type FieldName = keyof FieldValues;

interface FieldRule<T> {
  readonly section: Section;
  readonly initial: T;
  readonly parse: (field: string, value: unknown, kind: TemplateKind) => T;
}

/**
 * THE table of fields: each has a section, and that section's lock decides who has the last word (EVT-11). A field that
 * is added to the type does not compile until it stands here.
 */
export const fields: { readonly [K in FieldName]: FieldRule<FieldValues[K]> } = {
  name: { section: "DETAILS", initial: "", parse: (f, v) => parseText(f, v, { max: 120 }) },
  description: { section: "DETAILS", initial: "", parse: prose(5000) },
  durationMinutes: { section: "DETAILS", initial: 30, parse: whole(5, 1440) },
  capacity: { section: "DETAILS", initial: 1, parse: parseCapacity },
  locationKind: { section: "LOCATION", initial: "NONE", parse: (f, v) => oneOf(f, v, locationKinds) },
  locationText: { section: "LOCATION", initial: "", parse: prose(500) },
  noticeMinutes: { section: "AVAILABILITY", initial: 240, parse: whole(0, 43_200) },
  horizonDays: { section: "AVAILABILITY", initial: 60, parse: whole(1, 730) },
  slotStepMinutes: { section: "AVAILABILITY", initial: 30, parse: whole(5, 1440) },
  bufferBeforeMinutes: { section: "AVAILABILITY", initial: 0, parse: whole(0, 1440) },
  bufferAfterMinutes: { section: "AVAILABILITY", initial: 0, parse: whole(0, 1440) },
  dailyMax: { section: "AVAILABILITY", initial: null, parse: (f, v) => (v === null ? null : whole(1, 1000)(f, v)) },
  questions: { section: "QUESTIONS", initial: [], parse: parseQuestions },
  confirmationText: { section: "NOTIFICATIONS", initial: "", parse: prose(5000) },
  cancellationText: { section: "NOTIFICATIONS", initial: "", parse: prose(5000) },
  reminderMinutes: { section: "NOTIFICATIONS", initial: [1440], parse: list(5, whole(5, 43_200)) },
  introText: { section: "BOOKING_PAGE", initial: "", parse: prose(5000) },
  showRemainingPlaces: { section: "BOOKING_PAGE", initial: false, parse: flag },
  color: { section: "BRANDING", initial: "#1a5fb4", parse: parseColor },
  issuesCertificate: { section: "CERTIFICATE", initial: false, parse: flag },
};

export const fieldNames = Object.keys(fields) as readonly FieldName[];

/** The fields of a section. */
export function fieldsOf(section: Section): FieldName[] {
  return fieldNames.filter((name) => fields[name].section === section);
}

/** @throws PlenumError `invalid` for a name that no field has. */
export function parseFieldName(name: string): FieldName {
  const known = fieldNames.find((field) => field === name);
  if (!known) throw invalid("fields", `one of ${fieldNames.join(", ")}`, name);
  return known;
}

function parseCapacity(field: string, value: unknown, kind: TemplateKind): number {
  return kind === "GROUP" ? whole(2, 9999)(field, value) : whole(1, 1)(field, value);
}

function parseQuestions(field: string, value: unknown): Question[] {
  return list(20, parseQuestion)(field, value);
}

function parseQuestion(field: string, value: unknown): Question {
  if (typeof value !== "object" || value === null) throw invalid(field, "a question with label and kind");
  const { label, kind, required = false, choices = [] } = value as Record<string, unknown>;
  const question = {
    label: parseText(`${field}.label`, label, { max: 200 }),
    kind: oneOf(`${field}.kind`, kind, questionKinds),
    required: flag(`${field}.required`, required),
    choices: list(50, (f, v) => parseText(f, v, { max: 200 }))(`${field}.choices`, choices),
  };
  const needsChoices = question.kind === "CHOICE" || question.kind === "CHOICES";
  if (needsChoices !== question.choices.length > 0) {
    throw invalid(`${field}.choices`, needsChoices ? "at least one choice" : "none for this kind");
  }
  return question;
}

function parseColor(field: string, value: unknown): string {
  if (typeof value !== "string" || !/^#[0-9a-fA-F]{6}$/.test(value)) throw invalid(field, "a colour such as #1a5fb4");
  return value.toLowerCase();
}

function prose(max: number) {
  return (field: string, value: unknown): string => parseText(field, value, { min: 0, max, multiline: true });
}

function whole(min: number, max: number) {
  return (field: string, value: unknown): number => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw invalid(field, `a whole number from ${min} to ${max}`, value);
    }
    return value;
  };
}

function flag(field: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalid(field, "true or false", value);
  return value;
}

function oneOf<T extends string>(field: string, value: unknown, known: readonly T[]): T {
  const found = known.find((k) => k === value);
  if (!found) throw invalid(field, `one of ${known.join(", ")}`, value);
  return found;
}

function list<T>(max: number, item: (field: string, value: unknown) => T) {
  return (field: string, value: unknown): T[] => {
    if (!Array.isArray(value) || value.length > max) throw invalid(field, `a list of at most ${max}`);
    return value.map((one, i) => item(`${field}[${i}]`, one));
  };
}
