import { publicId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { groupOfName, memberOfName } from "./name-holder.store";

/** The public id of who has a name that a request wanted, so that an administrator can link instead (SCIM-091). */
export const findNameHolder = useCase(
  "member:read",
  async (tx: Tx, input: { field: string; name: string }): Promise<string | undefined> => {
    if (input.field === "displayName") {
      const group = await groupOfName(tx, input.name);
      return group && publicId("group", group);
    }
    const member = await memberOfName(tx, input.name);
    return member && publicId("member", member);
  },
  "findNameHolder",
);
