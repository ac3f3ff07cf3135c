import type { ResourceType } from "../attributes/attribute";
import type { Reading } from "../reading";
import type { Value, Values } from "../values";
import type { MembersStep } from "./members-step";

/** The resource as the operations so far have left it. */
export class Draft {
  readonly values: Map<string, Value>;
  readonly steps: MembersStep[] = [];

  constructor(
    readonly type: ResourceType,
    current: Values,
    readonly reading: Reading,
  ) {
    this.values = new Map(current);
  }

  /** Sets an attribute; null, or a list or object without anything in it, clears it. */
  set(key: string, value: Value | null): void {
    const isEmpty = value === null || (typeof value === "object" && Object.keys(value).length === 0);
    if (isEmpty) this.values.delete(key);
    else this.values.set(key, value);
  }
}
