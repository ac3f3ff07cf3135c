import { newId, publicId } from "../kernel/ids";
import { operatorOf } from "../domain/access";
import { createToken } from "../domain/identity";
import { createOrganization, type NewOrganization } from "../domain/setup";
import { given, type Command } from "./command";
import { commandOrigin, wholeNumber } from "./organization";

/** `plenum org create`: an organization with its owner in the first seat. */
export const orgCreate: Command = {
  name: "org create",
  summary: "create an organization with its owner and its default subscription",
  options: [
    { flags: "--name <name>", description: "what people read", required: true },
    { flags: "--slug <slug>", description: "what stands in paths", required: true },
    { flags: "--owner-email <address>", description: "the first owner; its domain is vouched for", required: true },
    { flags: "--plan <code>", description: "a service plan of `plenum plans`", required: true },
    { flags: "--seats <number>", description: "seats, the owner's included", required: true },
    { flags: "--billing-mode <mode>", description: "MONTHLY or ANNUAL", default: "MONTHLY" },
    { flags: "--locale <locale>", description: "fr or en", default: "en" },
    { flags: "--time-zone <zone>", description: "IANA name", default: "Europe/Paris" },
    { flags: "--currency <code>", description: "ISO 4217", default: "EUR" },
  ],
  async run(context, options) {
    const db = await context.database();
    const caller = operatorOf(newId("organization"), commandOrigin());
    const created = await db.run(caller, async (tx) => {
      const organization = await createOrganization(tx, {
        name: given(options, "name"),
        slug: given(options, "slug"),
        ownerEmail: given(options, "ownerEmail"),
        plan: given(options, "plan"),
        seats: wholeNumber(options.seats) ?? Number.NaN,
        billingMode: given(options, "billingMode") as NonNullable<NewOrganization["billingMode"]>,
        locale: given(options, "locale"),
        timeZone: given(options, "timeZone"),
        currency: given(options, "currency"),
      });
      const token = await createToken(tx, { name: "owner", role: "OWNER", memberId: organization.owner.id });
      return { organization, token };
    });
    const id = publicId("organization", created.organization.orgId);
    const { slug } = created.organization;
    return {
      json: { id, slug, ownerToken: created.token.text },
      text: `${slug} is ${id}\nowner's token (shown once): ${created.token.text}`,
    };
  },
};
