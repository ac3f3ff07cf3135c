import { invalid, PlenumError } from "../../kernel/errors";
import { parseEmail } from "../../kernel/email";
import { parseText } from "../../kernel/text";
import type { Role } from "../../platform/caller";
import type { Tx } from "../../platform/unit-of-work";
import { requirePermission, useCase } from "../access";
import { addMember } from "./add-member";
import type { Member } from "./member";

export interface InviteeInput {
  readonly email: string;
  readonly name?: string;
  readonly role?: Role;
}

const inviteesMax = 100;

/**
 * Invites 1 to 100 people, all or nobody: each takes a seat at once, which accepting only confirms (DEC-07). A refusal
 * names the place in the list: `invitees.3.email`.
 * @throws PlenumError `invalid`, `already_member`, `seats_exhausted`, `duplicate` within the list.
 */
export const inviteMembers = useCase(
  "invitation:write",
  async (tx: Tx, input: { invitees: readonly InviteeInput[] }): Promise<Member[]> => {
    requirePermission(tx, "member:write");
    const count = input.invitees.length;
    if (count < 1 || count > inviteesMax) throw invalid("invitees", `1 to ${inviteesMax} people`, count);
    const emails = input.invitees.map((invitee, i) => parseEmail(`invitees.${i}.email`, invitee.email));
    const seen = new Set<string>();
    emails.forEach((email, i) => {
      if (seen.has(email.norm))
        throw new PlenumError("duplicate", "an address is listed twice", { field: `invitees.${i}.email` });
      seen.add(email.norm);
    });

    const members: Member[] = [];
    for (const [i, invitee] of input.invitees.entries()) {
      const email = emails[i] as (typeof emails)[number];
      const name = invitee.name === undefined ? null : parseText(`invitees.${i}.name`, invitee.name, { max: 120 });
      const added = await at(i, () =>
        addMember(tx, {
          profile: { userName: email.asGiven, displayName: name },
          values: [{ attribute: "emails", type: "work", value: email.asGiven, primary: true, detail: null }],
          origin: "INVITATION",
          role: invitee.role ?? "MEMBER",
        }),
      );
      members.push(added.member);
    }
    return members;
  },
  "inviteMembers",
);

// The same refusal, with the place in the list in front of the field.
async function at<T>(index: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PlenumError)) throw error;
    const field =
      typeof error.facts.field === "string" ? `invitees.${index}.${error.facts.field}` : `invitees.${index}`;
    throw new PlenumError(error.code, error.message, { ...error.facts, field, index }, { cause: error });
  }
}
