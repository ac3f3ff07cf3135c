import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import {
  createScimToken,
  createToken,
  revokeScimToken,
  revokeToken,
  rotateScimToken,
} from "../../../domain/identity";
import { publicId } from "../../../kernel/ids";
import type { Role } from "../../../platform/caller";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { idAt, optional } from "../inputs";
import { RotateScimTokenInput } from "../connection/inputs";
import { RotateScimTokenPayload } from "../connection/payloads";
import { CreateScimTokenInput, CreateTokenInput, RevokeScimTokenInput, RevokeTokenInput } from "./inputs";
import { CreateScimTokenPayload, CreateTokenPayload, RevokeScimTokenPayload, RevokeTokenPayload } from "./payloads";

/** Tokens are shown once; none of these is repeated by an idempotency key, which would have to keep the secret. */
@Resolver()
export class IdentityMutations {
  @Mutation(() => CreateTokenPayload, { description: "Makes an API token with at most your own role." })
  async createToken(
    @Arg("input", () => CreateTokenInput, { description: "What for." }) input: CreateTokenInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { token: "apiTokenById" },
      async work(tx) {
        const { name, role, validDays, memberId } = input;
        const created = await createToken(tx, {
          name,
          role: role as Role,
          ...optional("validDays", validDays),
          ...optional("memberId", memberId == null ? null : idAt("memberId", "member", memberId)),
        });
        return { token: created.id, secret: created.text };
      },
    });
  }

  @Mutation(() => RevokeTokenPayload, { description: "Ends an API token at once." })
  async revokeToken(
    @Arg("input", () => RevokeTokenInput, { description: "Which." }) input: RevokeTokenInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { token: "apiTokenById" },
      async work(tx) {
        const id = idAt("tokenId", "token", input.tokenId);
        await revokeToken(tx, { id });
        return { token: id };
      },
    });
  }

  @Mutation(() => CreateScimTokenPayload, { description: "Makes a SCIM token and switches provisioning on." })
  async createScimToken(
    @Arg("input", () => CreateScimTokenInput, { description: "What for." }) input: CreateScimTokenInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { connection: "identityConnectionById" },
      async work(tx) {
        const { connectionId, name, scopes, ipAllow, validDays } = input;
        const created = await createScimToken(tx, {
          ...optional("connectionId", connectionId == null ? null : idAt("connectionId", "connection", connectionId)),
          ...optional("name", name),
          ...optional("scopes", scopes),
          ...optional("ipAllow", ipAllow),
          ...optional("validDays", validDays),
        });
        return {
          connection: created.connectionId,
          tokenId: publicId("scimToken", created.id),
          secret: created.text,
          expiresAt: created.expiresAt?.toISOString() ?? null,
        };
      },
    });
  }

  @Mutation(() => RotateScimTokenPayload, { description: "Makes a token in another's place; the old one ends after an overlap." })
  async rotateScimToken(
    @Arg("input", () => RotateScimTokenInput, { description: "Which." }) input: RotateScimTokenInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { connection: "identityConnectionById" },
      async work(tx) {
        const id = idAt("tokenId", "scimToken", input.tokenId);
        const { overlapHours, validDays } = input;
        const times = { ...optional("overlapHours", overlapHours), ...optional("validDays", validDays) };
        const made = await rotateScimToken(tx, { id, ...times });
        return {
          connection: made.connectionId,
          tokenId: publicId("scimToken", made.id),
          secret: made.text,
          expiresAt: made.expiresAt?.toISOString() ?? null,
          previousEndsAt: made.previousEndsAt.toISOString(),
        };
      },
    });
  }

  @Mutation(() => RevokeScimTokenPayload, { description: "Ends a SCIM token at once." })
  async revokeScimToken(
    @Arg("input", () => RevokeScimTokenInput, { description: "Which." }) input: RevokeScimTokenInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const id = idAt("tokenId", "scimToken", input.tokenId);
        await revokeScimToken(tx, { id });
        return { tokenId: publicId("scimToken", id) };
      },
    });
  }
}
