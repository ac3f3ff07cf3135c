import { parseText } from "../../kernel/text";

/**
 * The name of a group: 1 to 255 visible characters.
 * @throws PlenumError `invalid`.
 */
export function parseGroupName(value: unknown): string {
  return parseText("displayName", value, { max: 255 });
}
