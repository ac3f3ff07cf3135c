import { readFileSync, statSync } from "node:fs";
import { invalid } from "../kernel/errors";

/**
 * The text of a file that an option names; one that is larger than it can rightly be is not read.
 * @throws PlenumError `invalid`, naming the option.
 */
export function readSmallFile(option: string, path: string, bytesMax: number): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw invalid(option, "a file that can be read", path);
  if (size > bytesMax) throw invalid(option, `at most ${bytesMax} bytes`, size);
  return readFileSync(path, "utf8");
}
