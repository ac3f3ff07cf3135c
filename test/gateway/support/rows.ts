import { addMember } from "../../../services/domain/members";
import type { TestOrg } from "../../support/world";

/** Adds members m000 … to an organization, each in a seat. */
export async function importRows(org: TestOrg, count: number): Promise<void> {
  const name = (i: number) => `m${String(i).padStart(3, "0")}`;
  await org.run(async (tx) => {
    for (let i = 0; i < count; i++) {
      const profile = { userName: org.email(name(i)), displayName: name(i) };
      await addMember(tx, { profile, origin: "OPERATOR" });
    }
  }, org.operator);
}
