import { notFound, PlenumError } from "../../kernel/errors";
import { publicId, type TemplateId } from "../../kernel/ids";
import { parseSlug } from "../../kernel/text";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { memberOf } from "./editor";
import { keepValuesInForce } from "./event-types.store";
import { fieldsOf, type FieldValues } from "./fields";
import { diffOf, parseChange, parseLocks, unlockedBy } from "./fields.rules";
import type { EventTypeTemplate } from "./template";
import { insertRevision, lockTemplateRow, updateTemplateRow, type TemplateState } from "./templates.store";

export interface TemplateChange {
  readonly id: TemplateId;
  /** The revision that the caller has seen (EVT-12). */
  readonly expectedRevision: number;
  readonly set?: Readonly<Record<string, unknown>>;
  /** Which fields are meant; without it, those of `set`. */
  readonly fields?: readonly string[];
  readonly slug?: string;
  readonly locks?: Readonly<Record<string, unknown>>;
}

/**
 * Changes the named fields and locks of a template, as a new revision. Locked fields are in force for every assignee
 * with the commit; unlocked ones reach later assignees only (EVT-09).
 * @throws PlenumError `stale_revision` with the present one; `not_found`; `conflict` where it is archived; `invalid`.
 */
export const updateTemplate = useCase(
  "event-type:write",
  async (tx: Tx, change: TemplateChange): Promise<EventTypeTemplate> => {
    const before = await lockEditable(tx, change);
    return writeRevision(tx, before, {
      slug: change.slug === undefined ? before.slug : parseSlug("slug", change.slug),
      values: { ...before.values, ...parseChange(before.kind, change.set ?? {}, change.fields) },
      locks: { ...before.locks, ...parseLocks(change.locks ?? {}) },
    });
  },
  "updateTemplate",
);

/**
 * The locked template, as its editor saw it.
 * @throws PlenumError `not_found`, `stale_revision`, `conflict`.
 */
export async function lockEditable(
  tx: Tx,
  input: { id: TemplateId; expectedRevision?: number },
): Promise<EventTypeTemplate> {
  const template = await lockTemplateRow(tx, input.id);
  if (!template) throw notFound("eventTypeTemplate");
  const { revision, status } = template;
  if (input.expectedRevision !== undefined && input.expectedRevision !== revision) {
    throw new PlenumError("stale_revision", "the template has changed since", { revision });
  }
  if (status === "ARCHIVED") {
    const facts = { template: publicId("eventTypeTemplate", input.id), status };
    throw new PlenumError("conflict", "this template is archived", facts);
  }
  return template;
}

/** Writes a state of a locked template as its next revision; the same state writes none. */
export async function writeRevision(
  tx: Tx,
  before: EventTypeTemplate,
  state: Omit<TemplateState, "editedBy">,
): Promise<EventTypeTemplate> {
  const diff = diffOf(before, state);
  if (Object.keys(diff).length === 0) return before;
  const { id } = before;
  const revision = before.revision + 1;
  const written = { ...state, editedBy: memberOf(tx.caller) };

  await updateTemplateRow(tx, id, revision, written);
  await insertRevision(tx, id, { ...written, revision, diff });
  await liftLocks(tx, before, state);

  const target = { kind: "eventTypeTemplate", id } as const;
  tx.audit({ action: "template.change", target, facts: { revision, changed: Object.keys(diff) } });
  tx.emit({ name: "template.changed", templateId: id });
  return { ...before, ...written, revision, updatedAt: tx.now };
}

async function liftLocks(tx: Tx, before: EventTypeTemplate, state: Omit<TemplateState, "editedBy">): Promise<void> {
  const names = unlockedBy(before.locks, state.locks).flatMap(fieldsOf);
  if (names.length === 0) return;
  // What is in force is what the template said until now: a value that changes with the lock is for later assignees.
  const inForce = Object.fromEntries(names.map((name) => [name, before.values[name]])) as Partial<FieldValues>;
  await keepValuesInForce(tx, before.id, inForce, names);
}
