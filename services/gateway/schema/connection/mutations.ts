import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import {
  changeConnection,
  deleteConnection,
  refreshMetadata,
  restoreConnection,
  switchConnection,
  switchScim,
  type ScimSwitch,
} from "../../../domain/identity";
import { publicId, type ConnectionId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { requireIn } from "../../execution/unit";
import { idAt, optional } from "../inputs";
import {
  DeleteConnectionInput,
  RefreshConnectionMetadataInput,
  RestoreConnectionInput,
  SetSamlStateInput,
  SetScimStateInput,
  UpdateConnectionInput,
} from "./inputs";
import {
  DeleteConnectionPayload,
  RefreshConnectionMetadataPayload,
  RestoreConnectionPayload,
  SetSamlStatePayload,
  SetScimStatePayload,
  UpdateConnectionPayload,
} from "./payloads";
import { connectionChangeOf } from "./settings";

const shows = { connection: "identityConnectionById" } as const;
type SamlState = Parameters<typeof switchConnection>[1]["to"];

@Resolver()
export class ConnectionMutations {
  @Mutation(() => UpdateConnectionPayload, { description: "Changes the settings of a connection." })
  async updateConnection(
    @Arg("input", () => UpdateConnectionInput, { description: "What to change." }) input: UpdateConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, (tx, id) =>
      changeConnection(tx, { id, change: connectionChangeOf(input), ...optional("ifVersion", input.ifVersion) }),
    );
  }

  @Mutation(() => SetSamlStatePayload, { description: "Switches signing in by a connection on, off, or to trials." })
  async setSamlState(
    @Arg("input", () => SetSamlStateInput, { description: "To what." }) input: SetSamlStateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const to = input.state as SamlState;
    return change(context, info, input, (tx, id) =>
      switchConnection(tx, { id, to, ...optional("ifVersion", input.ifVersion) }),
    );
  }

  @Mutation(() => SetScimStatePayload, { description: "Switches provisioning by a connection on, off, or lets it wait." })
  async setScimState(
    @Arg("input", () => SetScimStateInput, { description: "To what." }) input: SetScimStateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const to = input.state as ScimSwitch;
    return change(context, info, input, (tx, id) =>
      switchScim(tx, { id, to, ...optional("ifVersion", input.ifVersion) }),
    );
  }

  @Mutation(() => RestoreConnectionPayload, { description: "Brings a deleted connection back, switched off." })
  async restoreConnection(
    @Arg("input", () => RestoreConnectionInput, { description: "Which." }) input: RestoreConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, (tx, id) => restoreConnection(tx, { id }));
  }

  @Mutation(() => DeleteConnectionPayload, { description: "Deletes a connection; its sessions end, its people stay members." })
  async deleteConnection(
    @Arg("input", () => DeleteConnectionInput, { description: "Which." }) input: DeleteConnectionInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const id = idAt("connectionId", "connection", input.connectionId);
        await deleteConnection(tx, { id, ...optional("ifVersion", input.ifVersion) });
        return { connectionId: publicId("connection", id) };
      },
    });
  }

  @Mutation(() => RefreshConnectionMetadataPayload, { description: "Fetches the metadata of an identity provider now." })
  async refreshConnectionMetadata(
    @Arg("input", () => RefreshConnectionMetadataInput, { description: "Whose." }) input: RefreshConnectionMetadataInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, async () => {
      const { entrance, gateway } = await requireIn(context, "identity:write");
      const id = idAt("connectionId", "connection", input.connectionId);
      const outcome = await refreshMetadata(gateway.db, entrance, { id }, gateway.outside.fetchMetadata);
      return { shows, work: () => Promise.resolve({ connection: id, ...outcome }) };
    });
  }
}

async function change(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: { readonly connectionId: string },
  work: (tx: Tx, id: ConnectionId) => Promise<unknown>,
): Promise<unknown> {
  return act(context, info, {
    shows,
    async work(tx) {
      const id = idAt("connectionId", "connection", input.connectionId);
      await work(tx, id);
      return { connection: id };
    },
  });
}
