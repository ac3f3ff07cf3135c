import { invalid } from "../../kernel/errors";
import { parseSlug } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { memberOf } from "./editor";
import { templateKinds, type TemplateKind } from "./fields";
import { initialValues, parseLocks } from "./fields.rules";
import { initialLocks, type EventTypeTemplate } from "./template";
import { insertRevision, insertTemplate } from "./templates.store";

export interface NewTemplate {
  readonly kind: string;
  readonly slug: string;
  /** `name` at least; every other field starts from its initial value. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Sections that differ from the initial locks. */
  readonly locks?: Readonly<Record<string, unknown>>;
}

/**
 * Creates a managed event type; it needs no member yet (EVT-05).
 * @throws PlenumError `invalid` naming the field; `duplicate` for a slug in use.
 */
export const createTemplate = useCase(
  "event-type:write",
  async (tx: Tx, input: NewTemplate): Promise<EventTypeTemplate> => {
    const kind = parseTemplateKind(input.kind);
    const slug = parseSlug("slug", input.slug);
    const values = initialValues(kind, input.values);
    const locks = { ...initialLocks, ...parseLocks(input.locks ?? {}) };
    const state = { slug, values, locks, editedBy: memberOf(tx.caller) };

    const id = await insertTemplate(tx, kind, state);
    await insertRevision(tx, id, { ...state, revision: 1, diff: {} });

    tx.audit({ action: "template.create", target: { kind: "eventTypeTemplate", id }, facts: { kind, slug } });
    tx.emit({ name: "template.created", templateId: id });
    return { ...state, id, kind, revision: 1, status: "ACTIVE", createdAt: tx.now, updatedAt: tx.now };
  },
  "createTemplate",
);

/** @throws PlenumError `invalid`: managed event types know two kinds only (EVT-04). */
export function parseTemplateKind(kind: string): TemplateKind {
  const known = templateKinds.find((k) => k === kind);
  if (!known) throw invalid("kind", `one of ${templateKinds.join(", ")}`, kind);
  return known;
}
