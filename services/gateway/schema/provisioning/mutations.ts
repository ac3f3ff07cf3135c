import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import { replayRequest, tryConnection, type TrialClient } from "../../../domain/provisioning";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { idAt } from "../inputs";
import {
  ReplayProvisioningEntryInput,
  ReplayProvisioningEntryPayload,
  TryScimConnectionInput,
  TryScimConnectionPayload,
} from "./inputs";

@Resolver()
export class ProvisioningMutations {
  @Mutation(() => ReplayProvisioningEntryPayload, {
    description: "Does a request of the log again, after its cause was mended.",
  })
  async replayProvisioningEntry(
    @Arg("input", () => ReplayProvisioningEntryInput, { description: "Which." }) input: ReplayProvisioningEntryInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { entry: "provisioningEntryById" },
      async work(tx) {
        const id = idAt("entryId", "provisioningEntry", input.entryId);
        const { entryId, answer } = await replayRequest(tx, { id, dryRun: input.dryRun === true });
        return { entry: entryId, status: answer.status, answer: answer.document };
      },
    });
  }

  @Mutation(() => TryScimConnectionPayload, {
    description: "Does what an identity provider does when its connection is tested, and undoes it.",
  })
  async tryScimConnection(
    @Arg("input", () => TryScimConnectionInput, { description: "What is tried." }) input: TryScimConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const connectionId = idAt("connectionId", "connection", input.connectionId);
        const { passed, steps } = await tryConnection(tx, { connectionId, client: input.client as TrialClient });
        return { passed, steps };
      },
    });
  }
}
