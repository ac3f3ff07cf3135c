import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Int, Mutation, Query, Resolver } from "type-graphql";
import { applyPreview, discardPreview, planPreview, startPreview } from "../../../domain/provisioning";
import { invalid } from "../../../kernel/errors";
import { publicId } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { toGraphQL } from "../../errors/to-graphql";
import { act } from "../../execution/act";
import { requireIn } from "../../execution/unit";
import { idAt } from "../inputs";
import {
  ApplyScimPreviewInput,
  ApplyScimPreviewPayload,
  DiscardScimPreviewInput,
  DiscardScimPreviewPayload,
  previewNode,
  ScimPreview,
  StartScimPreviewInput,
  StartScimPreviewPayload,
} from "./preview";

const rowsMax = 500;

/** Previews look at two organizations, so they are not one unit of work. */
@Resolver()
export class ScimPreviewResolvers {
  @Query(() => ScimPreview, { description: "The newest preview of a connection, and what applying it would do." })
  async scimPreview(
    @Arg("connectionId", () => ID, { description: "con_…" }) connectionId: string,
    @Arg("first", () => Int, { nullable: true, description: "How many members and groups, 1 to 500; 100 without it." })
    first: number | null | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<ScimPreview> {
    try {
      const rows = first ?? 100;
      if (rows < 1 || rows > rowsMax) throw invalid("first", `1 to ${rowsMax}`, rows);
      const { gateway, entrance } = await requireIn(context, "provisioning:read");
      const id = idAt("connectionId", "connection", connectionId);
      return previewNode(await planPreview(gateway.db, entrance, { connectionId: id }), rows);
    } catch (error) {
      throw toGraphQL(error, context);
    }
  }

  @Mutation(() => StartScimPreviewPayload, {
    description: "Lets a connection rehearse: its requests meet a hidden copy of your organization from now on.",
  })
  async startScimPreview(
    @Arg("input", () => StartScimPreviewInput, { description: "Which connection." }) input: StartScimPreviewInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, async () => {
      const { gateway, entrance } = await requireIn(context, "identity:write");
      const connectionId = idAt("connectionId", "connection", input.connectionId);
      const { id, members } = await startPreview(gateway.db, entrance, { connectionId });
      const outcome = { previewId: publicId("preview", id), copiedMembers: members };
      return { shows: {}, work: () => Promise.resolve(outcome) };
    });
  }

  @Mutation(() => ApplyScimPreviewPayload, { description: "Does in your organization what was done in the copy." })
  async applyScimPreview(
    @Arg("input", () => ApplyScimPreviewInput, { description: "Which preview." }) input: ApplyScimPreviewInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const { state } = await applyPreview(tx, { id: idAt("previewId", "preview", input.previewId) });
        return { state };
      },
    });
  }

  @Mutation(() => DiscardScimPreviewPayload, { description: "Forgets what was done in the copy." })
  async discardScimPreview(
    @Arg("input", () => DiscardScimPreviewInput, { description: "Which preview." }) input: DiscardScimPreviewInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const { state } = await discardPreview(tx, { id: idAt("previewId", "preview", input.previewId) });
        return { state };
      },
    });
  }
}
