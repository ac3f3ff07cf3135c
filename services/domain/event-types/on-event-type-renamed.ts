import type { EventTypeId } from "../../kernel/ids";
import { keepMail } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { loadOrganization } from "../organizations";
import { renamedMail } from "./renamed.mail";
import { findRenamed } from "./renamed.store";

/** Writes to the member whose own event type gave way to an assigned one; the same event is one mail (EVT-14). */
export const onEventTypeRenamed = useCase(
  "operate",
  async (tx: Tx, { event }: { event: { readonly id: string; readonly eventTypeId: EventTypeId } }): Promise<void> => {
    const renamed = await findRenamed(tx, event.eventTypeId);
    if (!renamed?.email) return;
    const { name, locale } = await loadOrganization(tx);
    const { oldSlug, newSlug } = renamed;
    const link = tx.instance.publicUrl;
    const mail = renamedMail(locale, { organization: name, name: renamed.name, oldSlug, newSlug, link });
    await keepMail(tx, { to: renamed.email, ...mail }, event.id);
  },
  "onEventTypeRenamed",
);
