import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import { addGroup, changeGroup, removeGroup, type GroupChild } from "../../../domain/groups";
import { PlenumError } from "../../../kernel/errors";
import { publicId } from "../../../kernel/ids";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { changeOf, idAt, namedAs, optional } from "../inputs";
import {
  AddToGroupInput,
  AddToGroupPayload,
  CreateGroupInput,
  CreateGroupPayload,
  RemoveFromGroupInput,
  RemoveFromGroupPayload,
  RemoveGroupInput,
  RemoveGroupPayload,
  UpdateGroupInput,
  UpdateGroupPayload,
} from "./node";

const shows = { group: "groupById" } as const;
const names = { displayName: "name" } as const;

@Resolver()
export class GroupMutations {
  @Mutation(() => CreateGroupPayload, { description: "Makes a group." })
  async createGroup(
    @Arg("input", () => CreateGroupInput, { description: "What to make." }) { idempotencyKey, ...input }: CreateGroupInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows,
      once: { key: idempotencyKey ?? undefined, input },
      async work(tx) {
        const wanted = { displayName: input.name, children: childrenOf(input), onUnknown: "ignore" } as const;
        const { group, unknown } = await namedAs(names, () => addGroup(tx, wanted));
        requireKnown(unknown);
        return { group: group.id };
      },
    });
  }

  @Mutation(() => UpdateGroupPayload, { description: "Renames a group." })
  async updateGroup(
    @Arg("input", () => UpdateGroupInput, { description: "What to change." }) input: UpdateGroupInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows,
      async work(tx) {
        const id = idAt("groupId", "group", input.groupId);
        const { name } = changeOf(input, ["name"]);
        const change = { id, ...optional("displayName", name), ...optional("ifVersion", input.ifVersion) };
        await namedAs(names, () => changeGroup(tx, change));
        return { group: id };
      },
    });
  }

  @Mutation(() => AddToGroupPayload, { description: "Puts members and groups into a group; who is there stays there." })
  async addToGroup(
    @Arg("input", () => AddToGroupInput, { description: "Whom." }) input: AddToGroupInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return step(context, info, input, "add");
  }

  @Mutation(() => RemoveFromGroupPayload, { description: "Takes members and groups out of a group; who is not there is no error." })
  async removeFromGroup(
    @Arg("input", () => RemoveFromGroupInput, { description: "Whom." }) input: RemoveFromGroupInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return step(context, info, input, "remove");
  }

  @Mutation(() => RemoveGroupPayload, { description: "Removes a group with its rules; its members stay." })
  async removeGroup(
    @Arg("input", () => RemoveGroupInput, { description: "Which." }) input: RemoveGroupInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: {},
      async work(tx) {
        const id = idAt("groupId", "group", input.groupId);
        await removeGroup(tx, { id, ...optional("ifVersion", input.ifVersion) });
        return { groupId: publicId("group", id) };
      },
    });
  }
}

async function step(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: AddToGroupInput,
  what: "add" | "remove",
): Promise<unknown> {
  return act(context, info, {
    shows,
    async work(tx) {
      const id = idAt("groupId", "group", input.groupId);
      const steps = [{ do: what, children: childrenOf(input) }];
      requireKnown((await changeGroup(tx, { id, steps, onUnknown: "ignore" })).unknown);
      return { group: id };
    },
  });
}

interface Children {
  readonly memberIds?: readonly string[] | null;
  readonly groupIds?: readonly string[] | null;
}

function childrenOf({ memberIds, groupIds }: Children): GroupChild[] {
  return [
    ...(memberIds ?? []).map((text, i) => ({ kind: "MEMBER", id: idAt(`memberIds.${i}`, "member", text) }) as const),
    ...(groupIds ?? []).map((text, i) => ({ kind: "GROUP", id: idAt(`groupIds.${i}`, "group", text) }) as const),
  ];
}

// Who is not of this organization is not there, and then nobody is put in: thrown, so that the unit rolls back.
function requireKnown([first]: readonly GroupChild[]): void {
  if (!first) return;
  const field = first.kind === "MEMBER" ? "memberIds" : "groupIds";
  throw new PlenumError("not_found", `no such ${first.kind.toLowerCase()}`, { field, what: first.kind.toLowerCase() });
}
