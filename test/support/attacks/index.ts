import type { Attack } from "./attack";
import { encryption } from "./encryption";
import { markup } from "./markup";
import { profile } from "./profile";
import { signing } from "./signing";
import { weakCrypto } from "./weak-crypto";
import { wrapping } from "./wrapping";

export type { Attack, Variant } from "./attack";

/** The catalogue of section N, as far as one message by itself can carry the attack. */
export const attacks: readonly Attack[] = [
  ...wrapping,
  ...signing,
  ...weakCrypto,
  ...markup,
  ...profile,
  ...encryption,
];
