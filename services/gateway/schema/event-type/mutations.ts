import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Mutation, Resolver } from "type-graphql";
import {
  archiveTemplate,
  assignTemplate,
  changeEventType,
  createTemplate,
  revertTemplate,
  unassignTemplate,
  updateTemplate,
} from "../../../domain/event-types";
import type { TemplateId } from "../../../kernel/ids";
import type { Tx } from "../../../platform/unit-of-work";
import type { GatewayContext } from "../../context";
import { act } from "../../execution/act";
import { changeOf, idAt, optional } from "../inputs";
import {
  ArchiveEventTypeTemplateInput,
  AssignEventTypeTemplateInput,
  CreateEventTypeTemplateInput,
  RevertEventTypeTemplateInput,
  UnassignEventTypeTemplateInput,
  UpdateEventTypeInput,
  UpdateEventTypeTemplateInput,
} from "./inputs";
import { AssignEventTypeTemplatePayload, EventTypePayload, templatePayload } from "./payloads";
import { locksOf, targetsOf, valuesAt } from "./targets";

const CreatePayload = templatePayload("CreateEventTypeTemplate");
const UpdatePayload = templatePayload("UpdateEventTypeTemplate");
const ArchivePayload = templatePayload("ArchiveEventTypeTemplate");
const RevertPayload = templatePayload("RevertEventTypeTemplate");
const UnassignPayload = templatePayload("UnassignEventTypeTemplate");
const shows = { template: "eventTypeTemplateById" } as const;

@Resolver()
export class EventTypeMutations {
  @Mutation(() => CreatePayload, { description: "Makes a managed event type." })
  async createEventTypeTemplate(
    @Arg("input", () => CreateEventTypeTemplateInput, { description: "What." }) input: CreateEventTypeTemplateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const { idempotencyKey, ...sent } = input;
    return act(context, info, {
      shows,
      once: { key: idempotencyKey ?? undefined, input: sent },
      async work(tx) {
        const { kind, slug } = input;
        const values = valuesAt("values", input.values);
        return { template: (await createTemplate(tx, { kind, slug, values, ...locksOf(input.locks) })).id };
      },
    });
  }

  @Mutation(() => UpdatePayload, { description: "Changes a template, as a new revision." })
  async updateEventTypeTemplate(
    @Arg("input", () => UpdateEventTypeTemplateInput, { description: "What." }) input: UpdateEventTypeTemplateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, id) => {
      const { set, locks, ...named } = changeOf(input, ["set", "fields", "slug", "locks"]);
      const values = set === undefined ? {} : { set: valuesAt("set", set) };
      await updateTemplate(tx, { id, expectedRevision: input.expectedRevision, ...values, ...named, ...locksOf(locks) });
    });
  }

  @Mutation(() => ArchivePayload, { description: "Takes a template out of use; nothing that is booked is cancelled." })
  async archiveEventTypeTemplate(
    @Arg("input", () => ArchiveEventTypeTemplateInput, { description: "Which." }) input: ArchiveEventTypeTemplateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, id) => {
      await archiveTemplate(tx, { id });
    });
  }

  @Mutation(() => RevertPayload, { description: "Brings a template back to an earlier state, as a new revision." })
  async revertEventTypeTemplate(
    @Arg("input", () => RevertEventTypeTemplateInput, { description: "Which." }) input: RevertEventTypeTemplateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, id) => {
      const { toRevision, expectedRevision } = input;
      await revertTemplate(tx, { id, toRevision, ...optional("expectedRevision", expectedRevision) });
    });
  }

  @Mutation(() => AssignEventTypeTemplatePayload, { description: "Gives a template to members; saying it again changes nothing." })
  async assignEventTypeTemplate(
    @Arg("input", () => AssignEventTypeTemplateInput, { description: "To whom." }) input: AssignEventTypeTemplateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const { idempotencyKey, ...sent } = input;
    return act(context, info, {
      shows,
      once: { key: idempotencyKey ?? undefined, input: sent },
      async work(tx) {
        const templateId = idAt("templateId", "eventTypeTemplate", input.templateId);
        const targets = targetsOf(input.targets);
        const result = await assignTemplate(tx, { templateId, targets, ...optional("onSlugClash", input.onSlugClash) });
        const { assigned, unchanged, renamed, skipped } = result;
        return {
          template: templateId,
          ...{ assignedCount: assigned.length, unchangedCount: unchanged },
          ...{ renamedCount: renamed, skippedCount: skipped.length },
        };
      },
    });
  }

  @Mutation(() => UnassignPayload, { description: "Takes a template back; copies are no longer offered, and stay." })
  async unassignEventTypeTemplate(
    @Arg("input", () => UnassignEventTypeTemplateInput, { description: "From whom." })
    input: UnassignEventTypeTemplateInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context, info, input, async (tx, templateId) => {
      await unassignTemplate(tx, { templateId, targets: targetsOf(input.targets) });
    });
  }

  @Mutation(() => EventTypePayload, { description: "Changes an event type where its template leaves that to the member." })
  async updateEventType(
    @Arg("input", () => UpdateEventTypeInput, { description: "What." }) input: UpdateEventTypeInput,
    @Ctx() context: GatewayContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return act(context, info, {
      shows: { eventType: "eventTypeById" },
      async work(tx) {
        const id = idAt("eventTypeId", "eventType", input.eventTypeId);
        const { set, ...named } = changeOf(input, ["set", "fields", "slug"]);
        const values = set === undefined ? {} : { set: valuesAt("set", set) };
        await changeEventType(tx, { id, ...values, ...named, ...optional("ifVersion", input.ifVersion) });
        return { eventType: id };
      },
    });
  }
}

async function change(
  context: GatewayContext,
  info: GraphQLResolveInfo,
  input: { readonly templateId: string },
  work: (tx: Tx, id: TemplateId) => Promise<void>,
): Promise<unknown> {
  return act(context, info, {
    shows,
    async work(tx) {
      const id = idAt("templateId", "eventTypeTemplate", input.templateId);
      await work(tx, id);
      return { template: id };
    },
  });
}
