import { getNamedType, isObjectType, type GraphQLResolveInfo } from "graphql";
import { PlenumError } from "../../kernel/errors";
import { read, type Arguments, type SelectedField, type Selection } from "../../domain/reading";
import { once } from "../../platform/idempotency";
import type { Tx } from "../../platform/unit-of-work";
import type { GatewayContext } from "../context";
import { sayings } from "../errors/codes";
import { toGraphQL } from "../errors/to-graphql";
import { userErrorOf } from "../errors/user-error";
import { templateOf, type Template } from "../plan/template";
import { inUnitOfWork } from "./unit";

/** What a mutation leaves behind: uuids of what is to be shown, and plain values. It is stored for replays as JSON. */
export type Outcome = Readonly<Record<string, unknown>>;

export interface Act {
  /** Which payload fields are things, and by which link of the query root their uuid is looked up. */
  readonly shows: Readonly<Record<string, string>>;
  /** Where the mutation allocates or costs: what was sent, and the key under which it is done once (REL-10). */
  readonly once?: { readonly key: string | undefined; readonly input: unknown };
  work(tx: Tx): Promise<Outcome>;
}

/**
 * What a mutation is, told by work that must not hold a transaction: a look at the network, a key that is drawn. It
 * opens units of work of its own and asks for the permission first, so that nobody else's request costs us a prime.
 */
export type Prepared = () => Promise<Act>;

/**
 * Runs a mutation: the use case and the look at what it left are one unit of work. A refusal that a person can correct
 * rolls it back and comes as `userErrors`; every other one is a top-level error (decision 8).
 */
export async function act(context: GatewayContext, info: GraphQLResolveInfo, asked: Act | Prepared): Promise<unknown> {
  try {
    const what = typeof asked === "function" ? await asked() : asked;
    return await inUnitOfWork(context, async (tx) => {
      const request = { operation: info.fieldName, key: keyOf(context, info, what), input: what.once?.input };
      const { value, replayed } = await once(tx, request, () => what.work(tx));
      if (replayed) context.reply.headers.set("Idempotent-Replayed", "true");
      return { ...value, ...(await shown(tx, context, info, what, value)), userErrors: [] };
    });
  } catch (error) {
    if (error instanceof PlenumError && sayings[error.code].to === "person") {
      return { userErrors: [userErrorOf(error, context.locale)] };
    }
    throw toGraphQL(error, context);
  }
}

// One request may hold several mutations: the header's key is each one's own by the name under which it stands.
function keyOf({ idempotencyKey }: GatewayContext, info: GraphQLResolveInfo, { once: asked }: Act): string | undefined {
  if (!asked || asked.key !== undefined || idempotencyKey === undefined) return asked?.key;
  return `${idempotencyKey}#${info.path.key}`;
}

/** What the payload shows of things, read by one statement after the work. */
async function shown(
  tx: Tx,
  context: GatewayContext,
  info: GraphQLResolveInfo,
  { shows }: Act,
  outcome: Outcome,
): Promise<Outcome> {
  const names = Object.keys(shows);
  const type = getNamedType(info.returnType);
  if (!isObjectType(type)) throw new Error(`${type.name} is no payload`);
  const template = templateOf(info, type, "stored", names.length);
  const selection = thingsIn(template, shows);
  if (selection.fields.length === 0) return {};
  const args: Arguments[] = [
    ...names.map((name) => argumentsFor(outcome[name])),
    ...template.argumentsOf(info.variableValues),
  ];
  const { locale, gateway } = context;
  const answer = await read(tx, { selection, args, locale, cursors: gateway.cursors });
  return Object.fromEntries([...answer].map(([name, text]) => [name, JSON.parse(text) as unknown]));
}

function argumentsFor(uuids: unknown): Arguments {
  return Array.isArray(uuids) ? { ids: uuids as unknown[] } : { id: uuids ?? null };
}

const things = new WeakMap<Template, Selection>();

function thingsIn(template: Template, shows: Act["shows"]): Selection {
  const known = things.get(template);
  if (known) return known;
  const names = Object.keys(shows);
  const fields = template.selection.fields.flatMap((field): SelectedField[] => {
    const link = shows[field.name];
    if (link === undefined || !field.children) return [];
    return [{ name: link, key: field.key, argumentsAt: names.indexOf(field.name), children: field.children }];
  });
  const selection = { fields };
  things.set(template, selection);
  return selection;
}
