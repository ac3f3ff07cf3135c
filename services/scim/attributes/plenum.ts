import { attribute, column, computed, rest, type Schema } from "./attribute";
import { plenumGroup, plenumUser } from "../urns";

const readOnly = { mutability: "readOnly" } as const;

/** What only Plenum has (SCIM-063); flat, because Entra maps simple single values only. */
export const plenumUserSchema: Schema = {
  urn: plenumUser,
  name: "PlenumUser",
  description: "The member's seat and standing in Plenum.",
  attributes: [
    attribute("seatStatus", "Whether the member holds a seat, waits for one or has none.", computed("seatStatus"), {
      ...readOnly,
      canonicalValues: ["assigned", "waiting", "none"],
    }),
    attribute("seatType", "Kind of seat asked for.", rest("seatType")),
    attribute("licence", "Code of the plan whose seat the member holds.", computed("licence"), { maxLength: 100 }),
    attribute("licenceOptions", "Codes of the options asked for.", rest("licenceOptions"), { multiValued: true }),
    attribute("role", "Role in the organization: owner, admin or member.", computed("role"), {
      canonicalValues: ["owner", "admin", "member"],
      maxLength: 100,
    }),
    attribute(
      "managedBy",
      "Name of the connection that manages the member, or local.",
      computed("managedBy"),
      readOnly,
    ),
    attribute("invitationStatus", "Whether an invitation awaits an answer.", computed("invitationStatus"), {
      ...readOnly,
      canonicalValues: ["none", "pending", "accepted"],
    }),
    attribute("deprovisionPolicy", "What happens with bookings when the member leaves.", rest("deprovisionPolicy"), {
      canonicalValues: ["keep", "transfer", "cancel"],
      closed: true,
    }),
    attribute("transferTo", "Id of the User who takes the bookings over.", rest("transferTo"), { caseExact: true }),
  ],
};

export const plenumGroupSchema: Schema = {
  urn: plenumGroup,
  name: "PlenumGroup",
  description: "What a group is used for in Plenum.",
  attributes: [
    attribute("kind", "What follows from belonging to the group.", computed("group.kind"), {
      ...readOnly,
      canonicalValues: ["team", "role", "licence"],
    }),
    attribute("memberCount", "Number of members, so that nobody need load them to count.", column("member_count"), {
      ...readOnly,
      type: "integer",
    }),
  ],
};
