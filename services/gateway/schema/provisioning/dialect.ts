import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Field, ID, Info, InputType, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { setDialect, showDialect } from "../../../domain/provisioning";
import { invalid } from "../../../kernel/errors";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { ask } from "../../execution/ask";
import { closedSet } from "../enums";
import { idAt, optional } from "../inputs";
import { Payload } from "../payload";
import { Json } from "../scalars";

export const ScimPreset = closedSet("ScimPreset", "Whose habits a connection is prepared for.", [
  "STRICT",
  "TOLERANT",
  "ENTRA",
  "OKTA",
  "ONELOGIN",
  "PING",
  "INTEROP",
]);

@ObjectType("ProvisioningDialect", { simpleResolvers: true, description: "By which rules requests of SCIM are read." })
export class ProvisioningDialect {
  @Field(() => ScimPreset, { description: "The preset." })
  preset!: string;

  @Field(() => Json, { description: "The switches that differ from it." })
  switches!: object;

  @Field(() => Json, { description: "Every switch as it stands." })
  effective!: object;
}

@InputType("SetScimDialectInput", { description: "By which rules requests are read from now on." })
export class SetScimDialectInput {
  @Field(() => ID, { description: "con_…" })
  connectionId!: string;

  @Field(() => ScimPreset, { nullable: true, description: "Another preset." })
  preset?: string | null;

  @Field(() => Json, { nullable: true, description: "All switches that shall differ from it, by name." })
  switches?: unknown;
}

@ObjectType("SetScimDialectPayload", { simpleResolvers: true, description: "What SetScimDialect answers with." })
export class SetScimDialectPayload extends Payload {
  @Field(() => ProvisioningDialect, { nullable: true, description: "As it is now." })
  dialect!: ProvisioningDialect | null;
}

@Resolver()
export class ScimDialectResolvers {
  @Query(() => ProvisioningDialect, { description: "By which rules a connection's requests are read." })
  async scimDialect(
    @Arg("connectionId", () => ID, { description: "con_…" }) connectionId: string,
    @Ctx() context: GatewayContext,
  ): Promise<ProvisioningDialect> {
    return ask(context, async (tx) => {
      const dialect = await showDialect(tx, { connectionId: idAt("connectionId", "connection", connectionId) });
      return { ...dialect, preset: dialect.preset.toUpperCase() };
    });
  }

  @Mutation(() => SetScimDialectPayload, { description: "Chooses by which rules a connection's requests are read." })
  async setScimDialect(
    @Arg("input", () => SetScimDialectInput, { description: "Which rules." }) input: SetScimDialectInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const { preset, ...dialect } = await setDialect(tx, {
          connectionId: idAt("connectionId", "connection", input.connectionId),
          ...optional("preset", input.preset?.toLowerCase()),
          ...optional("switches", switchesOf(input.switches)),
        });
        return { dialect: { ...dialect, preset: preset.toUpperCase() } };
      },
    });
  }
}

function switchesOf(given: unknown): Readonly<Record<string, unknown>> | undefined {
  if (given == null) return undefined;
  if (typeof given !== "object" || Array.isArray(given)) throw invalid("switches", "an object of switches", given);
  return given as Record<string, unknown>;
}
