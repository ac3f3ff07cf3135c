import type { ClassType } from "type-graphql";

const types = new Map<string, ClassType>();

/**
 * Makes an output type known by its name. Types refer to each other in circles, as a member to their seat and a seat to
 * its member; their files do not: they name each other here.
 */
export function known<T extends ClassType>(name: string, type: T): T {
  types.set(name, type);
  return type;
}

/** The output type of that name; asked when the schema is built, and all files are loaded. */
export function typeNamed(name: string): ClassType {
  const type = types.get(name);
  if (!type) throw new Error(`no output type is called ${name}`);
  return type;
}
