import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Query, Resolver } from "type-graphql";
import { createOAuthClient, listOAuthClients, revokeOAuthClient, rotateOAuthClient } from "../../../domain/identity";
import { publicId } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { ask } from "../../execution/ask";
import { idAt, optional, optionalId } from "../inputs";
import {
  clientNode,
  CreateOAuthClientInput,
  CreateOAuthClientPayload,
  OAuthClientNode,
  RevokeOAuthClientInput,
  RevokeOAuthClientPayload,
  RotateOAuthClientInput,
  RotateOAuthClientPayload,
} from "./oauth";

@Resolver()
export class OAuthClientQueries {
  @Query(() => [OAuthClientNode], { description: "The clients of your identity providers, newest first; a hundred at most." })
  async oauthClients(@Ctx() context: GatewayContext): Promise<OAuthClientNode[]> {
    return ask(context, async (tx) => (await listOAuthClients(tx, {})).map(clientNode));
  }
}

/** Secrets are shown once; none of these is repeated by an idempotency key, which would have to keep them. */
@Resolver()
export class OAuthClientMutations {
  @Mutation(() => CreateOAuthClientPayload, { description: "Makes a client that gets tokens for SCIM, and switches provisioning on." })
  async createOAuthClient(
    @Arg("input", () => CreateOAuthClientInput, { description: "What for." }) input: CreateOAuthClientInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const { id, clientId, secret, tokenUrl } = await createOAuthClient(tx, {
          name: input.name,
          ...optionalId("connectionId", "connection", input.connectionId),
          ...optional("jwks", input.jwks),
          ...optional("scopes", input.scopes),
          ...optional("ipAllow", input.ipAllow),
        });
        return { id: publicId("oauthClient", id), clientId, secret, tokenUrl };
      },
    });
  }

  @Mutation(() => RotateOAuthClientPayload, { description: "Gives a client another secret, or other keys; the old secret counts on for a while." })
  async rotateOAuthClient(
    @Arg("input", () => RotateOAuthClientInput, { description: "Which." }) input: RotateOAuthClientInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const id = idAt("id", "oauthClient", input.id);
        const { jwks, overlapHours } = input;
        const { secret } = await rotateOAuthClient(tx, {
          id,
          ...optional("jwks", jwks),
          ...optional("overlapHours", overlapHours),
        });
        return { secret };
      },
    });
  }

  @Mutation(() => RevokeOAuthClientPayload, { description: "Ends a client and all its tokens at once." })
  async revokeOAuthClient(
    @Arg("input", () => RevokeOAuthClientInput, { description: "Which." }) input: RevokeOAuthClientInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const id = idAt("id", "oauthClient", input.id);
        await revokeOAuthClient(tx, { id });
        return { id: publicId("oauthClient", id) };
      },
    });
  }
}
