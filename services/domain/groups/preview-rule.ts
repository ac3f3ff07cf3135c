import { notFound } from "../../kernel/errors";
import type { MemberId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization } from "../organizations";
import { requireRule, type NewGroupRule } from "./change-rules";
import { findGroup } from "./groups.store";
import { decideRules, isNothing } from "./rules.rules";
import { freeUnits, loadRuled, membersUnder } from "./rules.store";

/** What a rule would do to one member. */
export interface RulePreviewLine {
  readonly memberId: MemberId;
  readonly role: Role | null;
  /** The service that they would hold, and the one they hold. */
  readonly service: string | null;
  readonly serviceBefore: string | null;
  readonly options: readonly string[];
}

export interface RulePreview {
  /** Who belongs to the group, and for how many of them something would change. */
  readonly members: number;
  readonly changed: number;
  readonly roles: number;
  /** Licences that would be needed, and that are free, of the plan. */
  readonly licencesNeeded: number;
  readonly licencesFree: number;
  /** What the organization's policy would do with those for whom there is none. */
  readonly short: number;
  readonly refused: boolean;
  readonly warnings: readonly string[];
  /** The first hundred. */
  readonly lines: readonly RulePreviewLine[];
}

const linesMax = 100;
const membersMax = 20_000;
const batch = 500;

/**
 * What a rule would change, before it is saved: the same decision on the same rows, nothing written (SCIM-186).
 * @throws PlenumError as `createGroupRule`, but for what it would refuse for want of licences: that is told.
 */
export const previewGroupRule = useCase(
  "group:read",
  async (tx: Tx, input: NewGroupRule): Promise<RulePreview> => {
    const tried = await requireRule(tx, input);
    if (!(await findGroup(tx, tried.groupId))) throw notFound("group");
    const ids = await membersUnder(tx, [tried.groupId], { after: null, limit: membersMax });
    const lines: RulePreviewLine[] = [];
    const warnings = new Set<string>();
    let [changed, roles, needed] = [0, 0, 0];
    for (let at = 0; at < ids.length; at += batch) {
      for (const member of await loadRuled(tx, ids.slice(at, at + batch), { tried })) {
        const steps = decideRules(member);
        steps.warnings.forEach((warning) => warnings.add(warning));
        if (isNothing(steps)) continue;
        const { role, service, give } = steps;
        changed += 1;
        roles += role === null ? 0 : 1;
        needed += service?.do === "move" && service.planCode === tried.value ? 1 : 0;
        needed += give.includes(tried.value) ? 1 : 0;
        const moved = service?.do === "move" ? service.planCode : null;
        if (lines.length < linesMax) {
          lines.push({ memberId: member.id, role, service: moved, serviceBefore: member.service, options: give });
        }
      }
    }
    const free = (await freeUnits(tx)).get(tried.value) ?? 0;
    const short = tried.target === "LICENCE" ? Math.max(0, needed - free) : 0;
    const { seatPolicy } = await loadOrganization(tx);
    return {
      members: ids.length,
      ...{ changed, roles, licencesNeeded: needed, licencesFree: free, short },
      refused: short > 0 && seatPolicy === "refuse",
      warnings: [...warnings],
      lines,
    };
  },
  "previewGroupRule",
);
