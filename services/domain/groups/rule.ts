import type { GroupId, GroupRuleId, MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";

export type RuleTarget = "ROLE" | "LICENCE";

/** What everybody who belongs to a group is given: a role, or a licence of a plan (SCIM-186). */
export interface GroupRule {
  readonly id: GroupRuleId;
  readonly groupId: GroupId;
  readonly group: string;
  readonly target: RuleTarget;
  /** A role, or the code of a plan. */
  readonly value: string;
  /** Where several groups give different services, the lowest order decides, then the higher plan. */
  readonly order: number;
  readonly createdAt: Date;
}

/** A rule that reaches a member, with what deciding takes. */
export interface ReachingRule {
  readonly id: string;
  readonly target: RuleTarget;
  readonly value: string;
  readonly order: number;
  /** Of a plan. */
  readonly kind: "SERVICE" | "OPTION" | null;
  readonly tier: number | null;
  /** The highest role that those may grant who decide about the group's members (SCIM-048). */
  readonly ceiling: Role;
}

/** What a rule gave, and what there was before. */
export interface RuleEffect {
  readonly kind: "ROLE" | "SERVICE" | "OPTION";
  readonly value: string;
  readonly before: string | null;
}

/** A member as the rules see them. */
export interface RuledMember {
  readonly id: MemberId;
  readonly status: "INVITED" | "ACTIVE" | "SUSPENDED";
  readonly role: Role;
  readonly freePlace: boolean;
  readonly service: string | null;
  readonly options: readonly string[];
  readonly rules: readonly ReachingRule[];
  readonly effects: readonly RuleEffect[];
}

/** What has to happen so that a member has what the rules give, and nothing that they gave before. */
export interface RuleSteps {
  readonly role: Role | null;
  readonly service: {
    readonly do: "move" | "back" | "forget";
    readonly planCode: string;
    readonly before: string | null;
  } | null;
  readonly give: readonly string[];
  readonly take: readonly string[];
  /** Effects that are over, and those that begin. */
  readonly ended: readonly RuleEffect[];
  readonly begun: readonly RuleEffect[];
  readonly warnings: readonly string[];
}
