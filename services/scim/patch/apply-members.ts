import type { Place } from "../attributes/registry";
import type { Filter } from "../filter/filter";
import { readElement, readValue } from "../read-value";
import { invalidValue, mutability } from "../refusal";
import type { Draft } from "./draft";
import { idsOf, membersOf, type MemberName } from "./members-step";
import type { Operation } from "./operation";

/** Operations on a group's `members`: each becomes one step, none needs to know who is in it now (SCIM-161 to 163). */
export function applyMembers(draft: Draft, operation: Operation, place: Place, filter: Filter | undefined): void {
  const { op, value, where } = operation;
  if (op === "remove") return removeMembers(draft, operation, place, filter);
  if (filter) return replaceFiltered(draft, operation, filter);
  if (value === undefined) throw invalidValue("members has no value in the operation");
  const list = typeof value === "object" && value !== null && !Array.isArray(value) ? [value] : value;
  const members = membersOf(readValue(place.attribute, list, "members", draft.reading));
  draft.steps.push({ do: op, members, where });
}

function removeMembers(draft: Draft, { value, where }: Operation, place: Place, filter: Filter | undefined): void {
  if (filter) {
    const members = idsOf(filter);
    draft.steps.push(members ? { do: "remove", members, where } : { do: "removeMatching", filter, where });
    return;
  }
  if (value === undefined || value === null) return void draft.steps.push({ do: "clear", where });
  draft.steps.push({ do: "remove", members: listed(draft, place, value), where });
}

// A list that names somebody in a form we do not know must not be read as "all": it is refused (SCIM-162).
function listed(draft: Draft, place: Place, value: unknown): MemberName[] {
  const list = (Array.isArray(value) ? value : [value]) as unknown[];
  const elements = list.map((item, i) =>
    readElement(place.attribute, typeof item === "string" ? { value: item } : item, `members[${i}]`, draft.reading),
  );
  return membersOf(elements.filter((e) => e !== null));
}

/** A member cannot become somebody else; naming the one that the filter names is an addition. */
function replaceFiltered(draft: Draft, { value, where }: Operation, filter: Filter): void {
  const [named, ...more] = idsOf(filter) ?? [];
  const given = typeof value === "object" && value !== null ? (value as { value?: unknown }).value : value;
  if (!named || more.length > 0 || (given !== undefined && given !== named.value)) {
    throw mutability("members cannot be changed, only added and removed");
  }
  draft.steps.push({ do: "add", members: [named], where });
}
