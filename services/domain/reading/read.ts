import { PlenumError } from "../../kernel/errors";
import type { Tx } from "../../platform/unit-of-work";
import type { Cursors } from "./cursor";
import type { Many, NounName, Run } from "./noun";
import { nounOf } from "./nouns";
import { formKey, pageForm } from "./page";
import { planRead, type Plan } from "./plan";
import { findRows } from "./rows.store";
import type { Arguments, Selection } from "./selection";

/** What somebody wants to see, starting at the query root. */
export interface Question {
  readonly selection: Selection;
  /** The argument lists that the selection's fields point to. */
  readonly args: readonly Arguments[];
  readonly locale: "fr" | "en";
  readonly cursors: Cursors;
}

interface Known {
  readonly pages: readonly { readonly link: Many; readonly at: number }[];
  readonly plans: Map<string, Plan>;
}

// The same question comes with the same selection object; what was planned for it lives as long as that.
const known = new WeakMap<Selection, Known>();

/**
 * Answers a question in one statement of the running unit of work, whatever its nesting and page sizes. The answer is
 * JSON, one text for each field of the selection: ids are public, instants RFC 3339. Nobody needs objects of it: a page
 * of 50 goes to the client as it is written, in half the time of building, copying and writing them (measured).
 * @throws PlenumError `forbidden` where the caller may not look, `invalid` for page sizes, orders and cursors
 */
export async function read(tx: Tx, question: Question): Promise<ReadonlyMap<string, string>> {
  const { selection, args, locale, cursors } = question;
  const before: Run = {
    tx,
    orgId: tx.orgId,
    now: tx.now,
    caller: tx.caller,
    locale,
    args,
    cursors,
    rows: [],
    memo: [],
  };
  const plan = planOf(selection, before);
  for (const { gate, argumentsAt } of plan.gates) {
    const permission = gate(tx.caller, (argumentsAt === undefined ? undefined : args[argumentsAt]) ?? {});
    if (permission !== undefined && !tx.caller.permissions.has(permission)) {
      throw new PlenumError("forbidden", `this needs the permission ${permission}`, { permission });
    }
  }
  const values = plan.values.map((value) => value(before));
  const rows = await findRows(tx, plan.text, values);
  return plan.answer({ ...before, rows });
}

function planOf(selection: Selection, run: Run): Plan {
  let entry = known.get(selection);
  if (!entry) known.set(selection, (entry = { pages: pagesIn("Query", selection), plans: new Map() }));
  const key = entry.pages.map(({ link, at }) => formKey(pageForm(link, run.args[at] ?? {}))).join("|");
  let plan = entry.plans.get(key);
  if (!plan) entry.plans.set(key, (plan = planRead(selection, run)));
  return plan;
}

/** The pages whose arguments decide the text of the statement. */
function pagesIn(noun: NounName, selection: Selection): { link: Many; at: number }[] {
  return selection.fields.flatMap(({ name, argumentsAt, children }) => {
    const member = nounOf(noun).members[name];
    if (!member || !("noun" in member) || !children) return [];
    if (member.kind !== "many") return pagesIn(member.noun, children);
    const items = children.fields.flatMap((field) => itemsOf(field.name, field.children));
    return [{ link: member, at: argumentsAt ?? -1 }, ...items.flatMap((item) => pagesIn(member.noun, item))];
  });
}

function itemsOf(name: string, children: Selection | undefined): Selection[] {
  if (!children) return [];
  if (name === "nodes") return [children];
  if (name !== "edges") return [];
  return children.fields.flatMap((field) => (field.name === "node" && field.children ? [field.children] : []));
}
