import { createHash } from "node:crypto";
import type { Id, IdKind } from "../../kernel/ids";
import { harbourPeople, lumierePeople, type DemoPerson } from "./demo-people";

/** A demonstration organization; the first is the one whose tokens `plenum demo` prints. */
export interface DemoOrganization {
  readonly slug: string;
  readonly name: string;
  readonly domain: string;
  readonly plan: string;
  readonly seats: number;
  readonly billingMode: "MONTHLY" | "ANNUAL";
  readonly locale: "fr" | "en";
  readonly timeZone: string;
  readonly currency: string;
  readonly people: readonly DemoPerson[];
  /** How many of the last people are only invited, and how many before them are suspended. */
  readonly invited: number;
  readonly suspended: number;
}

export const demoOrganizations: readonly [DemoOrganization, DemoOrganization] = [
  {
    slug: "atelier-lumiere",
    name: "Atelier Lumière",
    domain: "atelier-lumiere.example",
    plan: "teams",
    seats: 36,
    billingMode: "ANNUAL",
    locale: "fr",
    timeZone: "Europe/Paris",
    currency: "EUR",
    people: lumierePeople,
    invited: 4,
    suspended: 2,
  },
  {
    slug: "harbour-events",
    name: "Harbour Events",
    domain: "harbour-events.example",
    plan: "enterprise",
    seats: 30,
    billingMode: "MONTHLY",
    locale: "en",
    timeZone: "Europe/London",
    currency: "GBP",
    people: harbourPeople,
    invited: 3,
    suspended: 1,
  },
];

/** The same id for the same name on every machine: a UUIDv7 of 1 January 2026 with the name's digest as its random part. */
export function demoId<K extends IdKind>(kind: K, name: string): Id<K> {
  const time = Date.UTC(2026, 0, 1).toString(16).padStart(12, "0");
  const digest = createHash("sha256").update(`${kind}/${name}`).digest("hex");
  const variant = ((parseInt(digest.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  const parts = [time.slice(0, 8), time.slice(8), `7${digest.slice(0, 3)}`, `${variant}${digest.slice(4, 7)}`];
  return [...parts, digest.slice(7, 19)].join("-") as Id<K>;
}

/** `Inès Lefèvre` → `ines.lefevre`. */
export function mailboxOf([given, family]: DemoPerson): string {
  const plain = (text: string) =>
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/[^a-z]+/g, "-");
  return `${plain(given)}.${plain(family)}`;
}
