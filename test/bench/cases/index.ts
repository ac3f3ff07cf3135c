import type { BenchCase } from "../bench";
import { membersPage } from "./members-page";
import { scimUsers } from "./scim-users";

export const cases: readonly BenchCase[] = [membersPage, scimUsers];
