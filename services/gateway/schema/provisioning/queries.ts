import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, ID, Info, Int, Query, Resolver } from "type-graphql";
import { reportDrift, showHealth, showRequest, type ShownRequest } from "../../../domain/provisioning";
import { publicId } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { ask } from "../../execution/ask";
import { lookAtRoot } from "../../execution/look";
import { idAt, optional } from "../inputs";
import { DriftArguments, driftNode, ProvisioningDrift } from "./drift";
import { healthNode, ProvisioningHealth } from "./health";
import { ProvisioningArguments, ProvisioningEntryConnection, ProvisioningExchange } from "./node";

@Resolver()
export class ProvisioningQueries {
  @Query(() => ProvisioningEntryConnection, { description: "What identity providers asked of your organization." })
  async provisioningEntries(
    @Args(() => ProvisioningArguments) page: ProvisioningArguments,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return lookAtRoot(context, info, page);
  }

  @Query(() => ProvisioningExchange, { description: "The request and the answer behind one line of the log." })
  async provisioningExchange(
    @Arg("entryId", () => ID, { description: "pve_…" }) entryId: string,
    @Ctx() context: GatewayContext,
  ): Promise<ProvisioningExchange> {
    return ask(context, async (tx) =>
      exchangeNode(await showRequest(tx, { id: idAt("entryId", "provisioningEntry", entryId) })),
    );
  }

  @Query(() => ProvisioningHealth, { description: "How a SCIM connection fares." })
  async provisioningHealth(
    @Arg("connectionId", () => ID, { description: "con_…" }) connectionId: string,
    @Arg("days", () => Int, { nullable: true, description: "Over how many days, 1 to 180; 7 without it." })
    days: number | null | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ProvisioningHealth> {
    return ask(context, async (tx) => {
      const id = idAt("connectionId", "connection", connectionId);
      return healthNode(await showHealth(tx, { connectionId: id, ...optional("days", days) }));
    });
  }

  @Query(() => ProvisioningDrift, { description: "Where your organization and its identity provider have drifted apart." })
  async provisioningDrift(
    @Args(() => DriftArguments) { connectionId, cycles, cycleMinutes, first }: DriftArguments,
    @Ctx() context: GatewayContext,
  ): Promise<ProvisioningDrift> {
    return ask(context, async (tx) => {
      const id = idAt("connectionId", "connection", connectionId);
      const options = { ...optional("cycles", cycles), ...optional("cycleMinutes", cycleMinutes) };
      return driftNode(await reportDrift(tx, { connectionId: id, ...options, ...optional("first", first) }));
    });
  }
}

function exchangeNode({ entry, request, notReplayable }: ShownRequest): ProvisioningExchange {
  const { id, method, path, status, scimType, detail } = entry;
  const refusal = detail === null ? {} : { body: { status: String(status), ...optional("scimType", scimType), detail } };
  return {
    entryId: publicId("provisioningEntry", id),
    request: { method, path, ...request },
    answer: { status, ...refusal },
    notReplayable,
  };
}
