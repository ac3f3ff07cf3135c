import { notFound } from "../../kernel/errors";
import type { TemplateId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { EventTypeTemplate, TemplateRevision } from "./template";
import {
  findRevisions,
  findTemplateRow,
  listTemplateRows,
  type ListedTemplate,
  type TemplatePage,
} from "./templates.store";

const pageMax = 100;
const bounded = (first: number) => Math.min(Math.max(first, 1), pageMax);

/** All managed event types in one view, by time of creation (EVT-03). */
export const listTemplates = useCase(
  "event-type:read",
  async (tx: Tx, page: TemplatePage): Promise<ListedTemplate[]> =>
    listTemplateRows(tx, { ...page, first: bounded(page.first) }),
  "listTemplates",
);

/** @throws PlenumError `not_found`. */
export const getTemplate = useCase(
  "event-type:read",
  async (tx: Tx, input: { id: TemplateId }): Promise<EventTypeTemplate> => {
    const template = await findTemplateRow(tx, input.id);
    if (!template) throw notFound("eventTypeTemplate");
    return template;
  },
  "getTemplate",
);

/** What was changed when and by whom, newest first (EVT-13). */
export const listRevisions = useCase(
  "event-type:read",
  async (tx: Tx, input: { id: TemplateId; first: number; before?: number }): Promise<TemplateRevision[]> => {
    const { id, first, ...rest } = input;
    return findRevisions(tx, id, { first: bounded(first), ...rest });
  },
  "listRevisions",
);
