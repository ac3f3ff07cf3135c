import type { Config } from "../platform/config";
import type { Log } from "../platform/log";
import type { OpenedDatabase } from "../platform/open-database";
import type { Database } from "../platform/unit-of-work";

/** What a command is given. Nothing is opened before it asks. */
export interface CommandContext {
  readonly config: Config;
  readonly log: Log;
  /** Units of work as the application's role, on the running server's database or on one started for the command. */
  database(): Promise<Database>;
  /** The database as such: for migrating and for looking at it. */
  place(): Promise<OpenedDatabase>;
  /** A word to the person while the work goes on; never on stdout. */
  say(text: string): void;
}

/** What a command did: data for programs, words for people. */
export interface CommandResult {
  readonly json: unknown;
  readonly text: string;
  /** The answer is that something is wrong, which is no refusal: exit code 1 with the answer on stdout. */
  readonly failed?: boolean;
}

export interface CommandOption {
  /** As commander writes it: `--org <slug or id>`, `--dry-run`. */
  readonly flags: string;
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
  readonly choices?: readonly string[];
}

/** The values of the options by their names in camel case. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** One command. It lives in a file of its own and stands in the table of `commands.ts`. */
export interface Command {
  /** `migrate`, `migrate status`, `org create`. */
  readonly name: string;
  readonly summary: string;
  readonly options?: readonly CommandOption[];
  run(context: CommandContext, options: OptionValues): Promise<CommandResult>;
}

/** The text of an option that commander has made sure of. */
export function given(options: OptionValues, name: string): string {
  const value = options[name];
  if (typeof value !== "string") throw new Error(`--${name} was not given`);
  return value;
}
