import { isAtMost } from "../access";
import type { ReachingRule, RuledMember, RuleEffect, RuleSteps } from "./rule";

/**
 * What the rules of a member's groups come to, against what they have. Pure and the same whoever asks and in whichever
 * order the groups were joined: the highest allowed role; the service of the lowest order, then of the highest plan,
 * then of the oldest rule; every option. What somebody chose by hand since stays, until the rules say something else.
 */
export function decideRules(member: RuledMember): RuleSteps {
  const role = decideRole(member);
  const service = decideService(member);
  const options = decideOptions(member);
  return {
    role: role.to,
    service: service.step,
    give: options.give,
    take: options.take,
    ended: [...role.ended, ...service.ended, ...options.ended],
    begun: [...role.begun, ...service.begun, ...options.begun],
    warnings: role.warnings,
  };
}

/** Whether there is nothing to do. */
export function isNothing({ role, service, give, take, ended, begun }: RuleSteps): boolean {
  return role === null && service === null && give.length + take.length + ended.length + begun.length === 0;
}

const none: readonly RuleEffect[] = [];

interface Decided {
  readonly ended: readonly RuleEffect[];
  readonly begun: readonly RuleEffect[];
}

// Rules give ADMIN at most, so an owner is above them: nothing here touches one (SCIM-189).
function decideRole({
  role,
  rules,
  effects,
}: RuledMember): Decided & Pick<RuleSteps, "warnings"> & { to: RuleSteps["role"] } {
  const named = rules.filter((rule) => rule.target === "ROLE");
  const allowed = named.filter((rule) => isAtMost("ADMIN", rule.ceiling));
  const effect = effects.find((one) => one.kind === "ROLE");
  const warnings =
    named.length > allowed.length
      ? ["a group gives the role admin, which is above what its connection may grant; not granted"]
      : [];
  if (allowed.length > 0) {
    if (role !== "MEMBER") return { to: null, ended: none, begun: none, warnings };
    // A role that was taken away by hand while the rule stood is not forced back.
    if (effect) return { to: null, ended: none, begun: none, warnings };
    return { to: "ADMIN", ended: none, begun: [{ kind: "ROLE", value: "ADMIN", before: role }], warnings };
  }
  if (!effect) return { to: null, ended: none, begun: none, warnings };
  return { to: role === effect.value ? "MEMBER" : null, ended: [effect], begun: none, warnings };
}

function decideService({
  status,
  service,
  freePlace,
  rules,
  effects,
}: RuledMember): Decided & { step: RuleSteps["service"] } {
  const wanted = bestService(rules);
  const effect = effects.find((one) => one.kind === "SERVICE");
  const nothing = { step: null, ended: none, begun: none };
  if (wanted === undefined) {
    if (!effect) return nothing;
    const back = service === effect.value && status !== "SUSPENDED";
    const step = { do: back ? "back" : "forget", planCode: effect.value, before: effect.before } as const;
    return { step, ended: [effect], begun: none };
  }
  // Whoever is suspended gets it when they come back.
  if (status === "SUSPENDED" || effect?.value === wanted) return nothing;
  const before = effect && effect.value === service ? effect.before : (service ?? (freePlace ? "free" : null));
  const ended = effect ? [effect] : none;
  // They have it by hand already: it is not the rule's to take away.
  if (service === wanted) return { step: null, ended, begun: none };
  return {
    step: { do: "move", planCode: wanted, before },
    ended,
    begun: [{ kind: "SERVICE", value: wanted, before }],
  };
}

/** The service that wins among several groups. */
export function bestService(rules: readonly ReachingRule[]): string | undefined {
  const services = rules.filter((rule) => rule.target === "LICENCE" && rule.kind === "SERVICE");
  const [best] = services.toSorted(
    (a, b) => a.order - b.order || (b.tier ?? 0) - (a.tier ?? 0) || (a.id < b.id ? -1 : 1),
  );
  return best?.value;
}

function decideOptions({ status, options, rules, effects }: RuledMember): Decided & Pick<RuleSteps, "give" | "take"> {
  const wanted = new Set(rules.filter((rule) => rule.kind === "OPTION").map((rule) => rule.value));
  const known = effects.filter((one) => one.kind === "OPTION");
  const over = known.filter((one) => !wanted.has(one.value));
  const isNew = (value: string) => !options.includes(value) && !known.some((one) => one.value === value);
  const give = status === "SUSPENDED" ? [] : [...wanted].filter(isNew).sort();
  return {
    give,
    take: over.map((one) => one.value).filter((value) => options.includes(value)),
    ended: over,
    begun: give.map((value) => ({ kind: "OPTION", value, before: null })),
  };
}
