import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import {
  changeSubscriptionPlan,
  changeSubscriptionQuantity,
  createSubscription,
  setDefaultSubscription,
  undoScheduledChange,
} from "../../../domain/subscriptions";
import type { SubscriptionId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { idAt, optional } from "../inputs";
import { payloadOf } from "../payload";
import {
  ChangeSubscriptionPlanInput,
  ChangeSubscriptionQuantityInput,
  CreateSubscriptionInput,
  SetDefaultSubscriptionInput,
  UndoScheduledChangeInput,
} from "./inputs";
import { SubscriptionNode } from "./node";

const subscriptionPayload = (name: string) =>
  payloadOf(`${name}Payload`, "subscription", { type: () => SubscriptionNode, description: "As it is now." });
const CreateSubscriptionPayload = subscriptionPayload("CreateSubscription");
const ChangeSubscriptionQuantityPayload = subscriptionPayload("ChangeSubscriptionQuantity");
const ChangeSubscriptionPlanPayload = subscriptionPayload("ChangeSubscriptionPlan");
const UndoScheduledChangePayload = subscriptionPayload("UndoScheduledChange");
const SetDefaultSubscriptionPayload = subscriptionPayload("SetDefaultSubscription");

@Resolver()
export class SubscriptionMutations {
  @Mutation(() => CreateSubscriptionPayload, { description: "Buys a pool of licences." })
  async createSubscription(
    @Arg("input", () => CreateSubscriptionInput, { description: "What to buy." }) input: CreateSubscriptionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows,
      ...onceBy(input),
      work: async (tx) => ({ subscription: (await createSubscription(tx, input)).id }),
    });
  }

  @Mutation(() => ChangeSubscriptionQuantityPayload, { description: "Changes how many licences a pool has." })
  async changeSubscriptionQuantity(
    @Arg("input", () => ChangeSubscriptionQuantityInput, { description: "How many." })
    input: ChangeSubscriptionQuantityInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, id) => {
      await changeSubscriptionQuantity(tx, { id, quantity: input.quantity, ...optional("ifVersion", input.ifVersion) });
    });
  }

  @Mutation(() => ChangeSubscriptionPlanPayload, { description: "Changes the plan of a pool." })
  async changeSubscriptionPlan(
    @Arg("input", () => ChangeSubscriptionPlanInput, { description: "Which plan." }) input: ChangeSubscriptionPlanInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const { planCode, releaseHolders, ifVersion } = input;
    return change(context, info, input, async (tx, id) => {
      const options = { ...optional("releaseHolders", releaseHolders), ...optional("ifVersion", ifVersion) };
      await changeSubscriptionPlan(tx, { id, planCode, ...options });
    });
  }

  @Mutation(() => UndoScheduledChangePayload, { description: "Takes back what is scheduled for the next period." })
  async undoScheduledChange(
    @Arg("input", () => UndoScheduledChangeInput, { description: "Whose." }) input: UndoScheduledChangeInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, id) => {
      await undoScheduledChange(tx, { id, ...optional("ifVersion", input.ifVersion) });
    });
  }

  @Mutation(() => SetDefaultSubscriptionPayload, { description: "Chooses the pool out of which newcomers get a licence." })
  async setDefaultSubscription(
    @Arg("input", () => SetDefaultSubscriptionInput, { description: "Which." }) input: SetDefaultSubscriptionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, id) => {
      await setDefaultSubscription(tx, { id });
    });
  }
}

const shows = { subscription: "subscriptionById" } as const;

function onceBy<T extends { idempotencyKey?: string | null }>({ idempotencyKey, ...input }: T) {
  return { once: { key: idempotencyKey ?? undefined, input } };
}

async function change(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: { readonly subscriptionId: string; readonly idempotencyKey?: string | null },
  work: (tx: Tx, id: SubscriptionId) => Promise<void>,
): Promise<unknown> {
  return act(context, info, {
    shows,
    ...onceBy(input),
    async work(tx) {
      const id = idAt("subscriptionId", "subscription", input.subscriptionId);
      await work(tx, id);
      return { subscription: id };
    },
  });
}
