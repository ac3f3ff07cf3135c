import type { Dialect } from "./dialects";
import type { Trail } from "./trail";

/** By which rules a request is read, and where it is noted what they changed. */
export interface Reading {
  readonly dialect: Dialect;
  readonly trail: Trail;
}
