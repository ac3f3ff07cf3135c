import type { BenchCase } from "../bench";
import { membersPage } from "./members-page";
import { samlAcs } from "./saml-acs";
import { samlHostile } from "./saml-hostile";
import { samlWorstCase } from "./saml-worst-case";
import { scimBulk } from "./scim-bulk";
import { scimGroups } from "./scim-groups";
import { scimLists } from "./scim-lists";
import { scimMixed } from "./scim-mixed";
import { scimUsers } from "./scim-users";

export const cases: readonly BenchCase[] = [
  membersPage,
  scimUsers,
  scimGroups,
  scimLists,
  scimBulk,
  scimMixed,
  samlAcs,
  samlWorstCase,
  samlHostile,
];
