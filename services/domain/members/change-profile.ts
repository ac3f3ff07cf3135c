import type { Member } from "./member";
import type { MemberChange } from "./member-change";
import { parseUserName } from "./member.rules";

type ProfileChange = Extract<MemberChange, { kind: "profile" | "values" | "rest" }>;

/** The member with a change of what is known of them; pure. */
export function applyProfile(member: Member, change: ProfileChange): Member {
  switch (change.kind) {
    case "profile": {
      const { userName } = change.set;
      return { ...member, ...change.set, ...(userName === undefined ? {} : { userName: parseUserName(userName) }) };
    }
    case "values": {
      const kept = member.values.filter((v) => !change.attributes.includes(v.attribute));
      return { ...member, values: [...kept, ...change.values] };
    }
    case "rest": {
      const rest = { ...member.scimRest, ...change.set };
      return { ...member, scimRest: Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== null)) };
    }
  }
}
