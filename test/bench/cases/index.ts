import type { BenchCase } from "../bench";
import { membersPage } from "./members-page";
import { samlAcs } from "./saml-acs";
import { samlHostile } from "./saml-hostile";
import { samlWorstCase } from "./saml-worst-case";
import { scimUsers } from "./scim-users";

export const cases: readonly BenchCase[] = [membersPage, scimUsers, samlAcs, samlWorstCase, samlHostile];
