import fc from "fast-check";
import type { ReachingRule, RuledMember, RuleEffect } from "../../../services/domain/groups/rule";
import { bestService, decideRules, isNothing } from "../../../services/domain/groups/rules.rules";
import type { MemberId } from "../../../services/kernel/ids";

const services = { teams: 1, enterprise: 2, gold: 3 } as const;
const options = ["recording", "attendant"] as const;
const serviceCode = fc.constantFrom(...(Object.keys(services) as (keyof typeof services)[]));
const ceiling = fc.constantFrom<"ADMIN" | "MEMBER">("ADMIN", "MEMBER");

const aRule: fc.Arbitrary<ReachingRule> = fc.oneof(
  fc.record({ id: fc.uuid(), ceiling }).map((r) => ({
    ...r,
    ...({ target: "ROLE", value: "ADMIN", order: 0, kind: null, tier: null } as const),
  })),
  fc.record({ id: fc.uuid(), value: serviceCode, order: fc.integer({ min: 0, max: 2 }), ceiling }).map((r) => ({
    ...r,
    ...({ target: "LICENCE", kind: "SERVICE", tier: services[r.value] } as const),
  })),
  fc.record({ id: fc.uuid(), value: fc.constantFrom(...options), ceiling }).map((r) => ({
    ...r,
    ...({ target: "LICENCE", order: 0, kind: "OPTION", tier: 0 } as const),
  })),
);
const aMember: fc.Arbitrary<RuledMember> = fc
  .record({
    status: fc.constantFrom("INVITED", "ACTIVE", "SUSPENDED"),
    role: fc.constantFrom("OWNER", "ADMIN", "MEMBER"),
    service: fc.option(serviceCode),
    options: fc.uniqueArray(fc.constantFrom(...options)),
    rules: fc.array(aRule, { maxLength: 6 }),
    freePlace: fc.boolean(),
  })
  .map((m) => ({
    ...m,
    id: "member" as MemberId,
    effects: [],
    status: m.status,
    role: m.role,
    service: m.status === "SUSPENDED" ? null : m.service,
    options: m.status === "SUSPENDED" ? [] : m.options,
    freePlace: m.service === null && m.freePlace,
  }));

/** The member once the steps are done, where every licence is free. */
function after(member: RuledMember): RuledMember {
  const { role, service, give, take, ended, begun } = decideRules(member);
  const over = (effect: RuleEffect) => ended.some((one) => one.kind === effect.kind && one.value === effect.value);
  const moved = service?.do === "move" ? service.planCode : member.service;
  const back = service?.do === "back" ? (service.before === "free" ? null : service.before) : moved;
  return {
    ...member,
    role: role ?? member.role,
    service: back,
    freePlace: service?.do === "move" ? false : service?.do === "back" ? service.before === "free" : member.freePlace,
    options: [...member.options.filter((code) => !take.includes(code)), ...give],
    effects: [...member.effects.filter((effect) => !over(effect)), ...begun],
  };
}

const shuffled = (member: RuledMember, rules: readonly ReachingRule[]): RuledMember => ({ ...member, rules });

test("SCIM-186: what the rules come to does not depend on the order in which the groups were joined", () => {
  fc.assert(
    fc.property(
      aMember.chain((m) => fc.tuple(fc.constant(m), fc.shuffledSubarray([...m.rules], { minLength: m.rules.length }))),
      ([member, rules]) => {
        expect(decideRules(shuffled(member, rules))).toEqual(decideRules(member));
        expect(bestService(rules)).toBe(bestService(member.rules));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("SCIM-186: done once is done: asking again changes nothing", () => {
  fc.assert(
    fc.property(aMember, (member) => {
      expect(isNothing(decideRules(after(member)))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("SCIM-186: joining and leaving gives back exactly what there was; nobody loses what no rule gave", () => {
  fc.assert(
    fc.property(aMember, (member) => {
      const joined = after(member);
      const left = after(shuffled(joined, []));
      const shown = ({ role, service, options: held, freePlace, effects }: RuledMember) => {
        return { role, service, options: [...held].sort(), freePlace, effects };
      };
      expect(shown(left)).toEqual({ ...shown(member), effects: [] });
    }),
    { numRuns: 2_000 },
  );
});

test("SCIM-189, SCIM-048: no rule makes or unmakes an owner, and none gives a role above its ceiling", () => {
  fc.assert(
    fc.property(aMember, (member) => {
      const { role } = decideRules(member);
      if (member.role === "OWNER") expect(role).toBeNull();
      if (role === "ADMIN") {
        expect(member.rules.some((rule) => rule.target === "ROLE" && rule.ceiling === "ADMIN")).toBe(true);
      }
      expect(role).not.toBe("OWNER");
    }),
    { numRuns: 2_000 },
  );
});

test("SCIM-186: of two services the lowest order wins, then the higher plan, then the older rule", () => {
  const rule = (id: string, value: keyof typeof services, order: number): ReachingRule => {
    return { id, target: "LICENCE", value, order, kind: "SERVICE", tier: services[value], ceiling: "ADMIN" };
  };
  expect(bestService([rule("b", "teams", 1), rule("a", "gold", 2)])).toBe("teams");
  expect(bestService([rule("b", "teams", 1), rule("a", "gold", 1)])).toBe("gold");
  expect(bestService([])).toBeUndefined();
});
