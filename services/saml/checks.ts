import { authnRules } from "./checks-authn";
import { conditionRules } from "./checks-conditions";
import { confirmationRules } from "./checks-confirmation";
import { messageRules } from "./checks-message";
import { attributeRules, nameIdRules } from "./checks-subject";
import type { Rule } from "./codes";
import type { Reading } from "./reading";

/** Section E of the specification, in the order in which its rules are asked. */
export const profileRules: readonly Rule<Reading>[] = [
  ...messageRules,
  ...conditionRules,
  ...confirmationRules,
  ...authnRules,
  ...nameIdRules,
  ...attributeRules,
];
