import type { MemberId } from "../../kernel/ids";
import type { Tx } from "../../platform/unit-of-work";
import { useCase } from "../access";
import { exportPage, type ExportedMember } from "./import.store";

const pageSize = 1000;

/** One page of all members with the plan of their seat; go on after the last id until a page is short. */
export const exportMembers = useCase(
  "member:read",
  async (tx: Tx, input: { after: MemberId | null }): Promise<{ members: ExportedMember[]; last: boolean }> => {
    const members = await exportPage(tx, input.after, pageSize);
    return { members, last: members.length < pageSize };
  },
  "exportMembers",
);
