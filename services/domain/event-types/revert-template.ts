import { notFound } from "../../kernel/errors";
import type { TemplateId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import type { EventTypeTemplate } from "./template";
import { findRevisions } from "./templates.store";
import { lockEditable, writeRevision } from "./update-template";

/**
 * Brings a template back to an earlier revision, as a new one: history is only added to (EVT-13).
 * @throws PlenumError `not_found`, `stale_revision`, `conflict`.
 */
export const revertTemplate = useCase(
  "event-type:write",
  async (
    tx: Tx,
    input: { id: TemplateId; toRevision: number; expectedRevision?: number },
  ): Promise<EventTypeTemplate> => {
    const before = await lockEditable(tx, input);
    const [wanted] = await findRevisions(tx, input.id, { revision: input.toRevision, first: 1 });
    if (!wanted) throw notFound("revision");
    return writeRevision(tx, before, { slug: wanted.slug, values: wanted.values, locks: wanted.locks });
  },
  "revertTemplate",
);
