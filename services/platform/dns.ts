import { Resolver } from "node:dns/promises";

/** The TXT records of a name, each in its pieces; nothing where no server answered, which says nothing of the name. */
export type TxtResolver = (name: string) => Promise<readonly (readonly string[])[] | undefined>;

const timeoutMs = 3_000;
// "There is no such name" and "it has no such record" are answers; everything else is the lack of one.
const answers: ReadonlySet<string | undefined> = new Set(["ENOTFOUND", "ENODATA"]);

/** Asks the machine's own resolvers, twice at most. Tests inject their own: none of them asks the network. */
export const resolveTxt: TxtResolver = async (name) => {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  try {
    return await resolver.resolveTxt(name);
  } catch (error) {
    return answers.has((error as { code?: string }).code) ? [] : undefined;
  }
};
