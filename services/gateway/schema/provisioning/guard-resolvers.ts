import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Mutation, Query, Resolver } from "type-graphql";
import { restoreMember } from "../../../domain/members";
import {
  approveDeprovisioning,
  changeProvisioningSettings,
  getProvisioningSettings,
  listProvisioningRuns,
  settleConnection,
  undoDeprovisioning,
  type ProvisioningRun,
  type Settlement,
} from "../../../domain/provisioning";
import type { ProvisioningRunId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { ask } from "../../execution/ask";
import { changeOf, idAt, optional } from "../inputs";
import {
  ApproveDeprovisioningInput,
  ApproveDeprovisioningPayload,
  guardModeOf,
  ProvisioningRunNode,
  ProvisioningSettingsNode,
  RestoreMemberInput,
  RestoreMemberPayload,
  runNode,
  settingsNode,
  SettleConnectionInput,
  SettleConnectionPayload,
  UndoDeprovisioningInput,
  UndoDeprovisioningPayload,
  UpdateProvisioningSettingsInput,
  UpdateProvisioningSettingsPayload,
} from "./guard";

@Resolver()
export class GuardQueries {
  @Query(() => [ProvisioningRunNode], { description: "Mass departures that somebody was asked about, newest first; a hundred at most." })
  async provisioningRuns(@Ctx() context: GatewayContext): Promise<ProvisioningRunNode[]> {
    return ask(context, async (tx) => (await listProvisioningRuns(tx, {})).map(runNode));
  }

  @Query(() => ProvisioningSettingsNode, { description: "What a connection may do unasked." })
  async provisioningSettings(
    @Arg("connectionId", () => ID, { description: "con_…" }) connectionId: string,
    @Ctx() context: GatewayContext,
  ): Promise<ProvisioningSettingsNode> {
    return ask(context, async (tx) => {
      const id = idAt("connectionId", "connection", connectionId);
      return settingsNode(await getProvisioningSettings(tx, { connectionId: id }));
    });
  }
}

@Resolver()
export class GuardMutations {
  @Mutation(() => UpdateProvisioningSettingsPayload, { description: "Changes what a connection may do unasked." })
  async updateProvisioningSettings(
    @Arg("input", () => UpdateProvisioningSettingsInput, { description: "What to change." })
    input: UpdateProvisioningSettingsInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const change = changeOf(input, ["mode", "minimum", "percent", "managedFields"]);
        const settings = await changeProvisioningSettings(tx, {
          connectionId: idAt("connectionId", "connection", input.connectionId),
          ...(change.mode === undefined ? {} : { mode: guardModeOf(change.mode) }),
          ...optional("minimum", change.minimum),
          ...optional("percent", change.percent),
          ...optional("managedFields", change.managedFields),
        });
        return { settings: settingsNode(settings) };
      },
    });
  }

  @Mutation(() => ApproveDeprovisioningPayload, { description: "Agrees to a mass departure; a blocked connection goes on." })
  async approveDeprovisioning(
    @Arg("input", () => ApproveDeprovisioningInput, { description: "Which." }) input: ApproveDeprovisioningInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return ofRun({ context, info, input }, approveDeprovisioning);
  }

  @Mutation(() => UndoDeprovisioningPayload, { description: "Takes a mass departure back; everybody returns within moments." })
  async undoDeprovisioning(
    @Arg("input", () => UndoDeprovisioningInput, { description: "Which." }) input: UndoDeprovisioningInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return ofRun({ context, info, input }, undoDeprovisioning);
  }

  @Mutation(() => SettleConnectionPayload, { description: "Says what becomes of the members of a connection that is gone." })
  async settleConnection(
    @Arg("input", () => SettleConnectionInput, { description: "What." }) input: SettleConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      work: async (tx) => {
        const connectionId = idAt("connectionId", "connection", input.connectionId);
        const settlement = input.settlement as Settlement;
        return { members: await settleConnection(tx, { connectionId, settlement }) };
      },
    });
  }

  @Mutation(() => RestoreMemberPayload, { description: "Brings a removed member back, with a seat." })
  async restoreMember(
    @Arg("input", () => RestoreMemberInput, { description: "Whom." }) input: RestoreMemberInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { member: "memberById" },
      work: async (tx) => {
        const id = idAt("memberId", "member", input.memberId);
        await restoreMember(tx, { id });
        return { member: id };
      },
    });
  }
}

interface AskedOfRun {
  readonly context: GatewayContext;
  readonly info: GraphQLResolveInfo;
  readonly input: { readonly runId: string };
}

/** A decision about a mass departure; the payload shows how it stands then. */
async function ofRun(
  { context, info, input }: AskedOfRun,
  decide: (tx: Tx, input: { id: ProvisioningRunId }) => Promise<ProvisioningRun>,
): Promise<unknown> {
  return act(context, info, {
    shows: {},
    work: async (tx) => {
      const id = idAt("runId", "provisioningRun", input.runId);
      return { run: runNode(await decide(tx, { id })) };
    },
  });
}
