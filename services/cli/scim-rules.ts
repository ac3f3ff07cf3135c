import {
  applyAllRules,
  createGroupRule,
  listGroupRules,
  previewGroupRule,
  removeGroupRule,
  type GroupRule,
  type NewGroupRule,
  type RuleTarget,
} from "../domain/groups";
import { findNameHolder } from "../domain/provisioning";
import { notFound } from "../kernel/errors";
import { parseId, publicId, readId, type GroupId } from "../kernel/ids";
import type { Tx } from "../platform/unit-of-work";
import { given, type Command, type OptionValues } from "./command";
import { operatorIn, orgOption, wholeNumber } from "./organization";

const ruleOptions = [
  orgOption,
  { flags: "--group <name or id>", description: "the group, by its name or its id", required: true },
  { flags: "--target <what>", description: "role or licence", required: true, choices: ["role", "licence"] },
  { flags: "--value <value>", description: "ADMIN, or the code of a plan", required: true },
  { flags: "--order <number>", description: "of several services the lowest decides; 0 without it" },
];

/** `plenum group-rule list`. */
export const groupRuleList: Command = {
  name: "group-rule list",
  summary: "list what groups give to those who belong to them",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const rules = await db.run(caller, (tx) => listGroupRules(tx, {}));
    return { json: { rules: rules.map(ruleJson) }, text: rules.map(ruleText).join("\n") };
  },
};

/** `plenum group-rule preview`: nothing is written. */
export const groupRulePreview: Command = {
  name: "group-rule preview",
  summary: "say what a rule would change, before it is made",
  options: ruleOptions,
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const preview = await db.run(caller, async (tx) => previewGroupRule(tx, await ruleIn(tx, options)));
    const { members, changed, licencesNeeded, licencesFree, lines } = preview;
    const json = { ...preview, lines: lines.map((line) => ({ ...line, memberId: publicId("member", line.memberId) })) };
    const need = licencesNeeded > 0 ? `, ${licencesNeeded} licences needed, ${licencesFree} free` : "";
    return { json, text: `${changed} of ${members} members would change${need}`, failed: preview.refused };
  },
};

/** `plenum group-rule create`: done by this command to the last member, whether or not a worker runs. */
export const groupRuleCreate: Command = {
  name: "group-rule create",
  summary: "give a role or a licence to everybody who belongs to a group",
  options: ruleOptions,
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const rule = await db.run(caller, async (tx) => createGroupRule(tx, await ruleIn(tx, options)));
    await applyAllRules(db, caller);
    return { json: ruleJson(rule), text: ruleText(rule) };
  },
};

/** `plenum group-rule remove`: and what it gave. */
export const groupRuleRemove: Command = {
  name: "group-rule remove",
  summary: "take a rule away, and what it gave",
  options: [orgOption, { flags: "--rule <id>", description: "the rule, grr_…", required: true }],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    const id = parseId("groupRule", given(options, "rule"));
    const rule = await db.run(caller, (tx) => removeGroupRule(tx, { id }));
    await applyAllRules(db, caller);
    return { json: ruleJson(rule), text: `removed: ${ruleText(rule)}` };
  },
};

async function ruleIn(tx: Tx, options: OptionValues): Promise<NewGroupRule> {
  const order = wholeNumber(options["order"]);
  return {
    groupId: await groupIn(tx, given(options, "group")),
    target: given(options, "target").toUpperCase() as RuleTarget,
    value: given(options, "value"),
    ...(order === undefined ? {} : { order }),
  };
}

async function groupIn(tx: Tx, text: string): Promise<GroupId> {
  if (readId(text)?.kind === "group") return parseId("group", text);
  const holder = await findNameHolder(tx, { field: "displayName", name: text });
  if (holder === undefined) throw notFound("group");
  return parseId("group", holder);
}

function ruleJson({ id, groupId, ...rule }: GroupRule) {
  return { id: publicId("groupRule", id), groupId: publicId("group", groupId), ...rule };
}

function ruleText({ id, group, target, value, order }: GroupRule): string {
  return `${publicId("groupRule", id)} ${group}: ${target.toLowerCase()} ${value} (order ${order})`;
}
