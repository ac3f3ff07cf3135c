import { rewrapCopies } from "../domain/provisioning";
import type { Command } from "./command";
import { operatorIn, orgOption } from "./organization";

/** `plenum key rotate`: wraps the organization's data keys by the present master key. */
export const keyRotate: Command = {
  name: "key rotate",
  summary:
    "wrap an organization's data keys by the present PLENUM_SECRET_KEY (the old one in PLENUM_SECRET_KEY_PREVIOUS)",
  options: [orgOption],
  async run(context, options) {
    const { db, caller } = await operatorIn(context, options);
    // The copies of its previews have keys of their own.
    const copies = await rewrapCopies(db, caller);
    const own = await db.run(caller, async (tx) => {
      const count = await tx.instance.keyring.rotate(tx);
      tx.audit({ action: "key.rotate", target: { kind: "organization", id: tx.orgId }, facts: { count, copies } });
      return count;
    });
    const rewrapped = own + copies;
    return { json: { rewrapped }, text: `${rewrapped} data keys wrapped anew` };
  },
};
