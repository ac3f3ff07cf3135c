import { Command as Program, CommanderError, Option } from "commander";
import { PlenumError } from "../kernel/errors";
import { ConfigError } from "../platform/config";
import type { Command, CommandContext, CommandResult, OptionValues } from "./command";

/** 0 done, 1 refused, 2 wrong usage (contract §1). */
export type ExitCode = 0 | 1 | 2;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface Runtime {
  readonly output: Output;
  /** Called once the command is known; never for `--help` or wrong usage. */
  readonly context: () => CommandContext & { close(): Promise<void> };
}

/** Runs one command line. With `--json` stdout carries one JSON document, whatever happens. */
export async function runCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
  { output, context }: Runtime,
): Promise<ExitCode> {
  const asJson = argv.includes("--json");
  const answer = (json: unknown): void => {
    if (asJson) output.out(`${JSON.stringify(json)}\n`);
  };
  let exitCode: ExitCode = 0;

  const program = makeProgram(commands, output, async (command, options) => {
    const opened = context();
    try {
      const result = await command.run(opened, options);
      answer(result.json);
      tell(result, asJson, output);
      exitCode = result.failed ? 1 : 0;
    } finally {
      await opened.close();
    }
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.code === "commander.help" ? "a command is missing" : error.message.replace(/^error: /, "");
      answer({ error: { code: "usage", message } });
      return 2;
    }
    const refusal = refusalOf(error);
    answer({ error: refusal });
    output.err(`plenum: ${refusal.message} (${refusal.code})\n`);
    return 1;
  }
}

function tell({ text }: CommandResult, asJson: boolean, output: Output): void {
  if (text === "") return;
  (asJson ? output.err : output.out)(`${text}\n`);
}

function refusalOf(error: unknown): { code: string; message: string; facts?: object } {
  if (error instanceof PlenumError) return { code: error.code, message: error.message, facts: error.facts };
  if (error instanceof ConfigError) return { code: "invalid", message: error.message };
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return { code: "internal", message: message || (error as { code?: string }).code || "it failed" };
}

type Act = (command: Command, options: OptionValues) => Promise<void>;

function makeProgram(commands: readonly Command[], output: Output, act: Act): Program {
  const program = configured(new Program("plenum"), output).description("Operator's command line of Plenum");
  for (const command of commands) {
    const target = branchFor(program, command.name.split(" "), output).description(command.summary);
    for (const option of command.options ?? []) target.addOption(toOption(option));
    target.allowExcessArguments(false);
    target.action((options: OptionValues) => act(command, options));
  }
  describeBranches(program);
  return program;
}

// A branch that does nothing itself says what stands below it.
function describeBranches(branch: Program): void {
  for (const below of branch.commands) {
    describeBranches(below);
    if (below.description() === "") below.description(below.commands.map((leaf) => leaf.name()).join(", "));
  }
}

// `migrate` and `migrate status` are both commands: a branch may act and have leaves.
function branchFor(program: Program, words: readonly string[], output: Output): Program {
  return words.reduce(
    (parent, word) =>
      parent.commands.find((known) => known.name() === word) ??
      addBranch(parent, configured(new Program(word), output)),
    program,
  );
}

function addBranch(parent: Program, child: Program): Program {
  parent.addCommand(child);
  return child;
}

function configured(program: Program, output: Output): Program {
  return program
    .option("--json", "print one JSON document on stdout, words on stderr")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: output.err, writeErr: output.err })
    .showHelpAfterError("(add --help for the options)");
}

function toOption({
  flags,
  description,
  required,
  default: preset,
  choices,
}: NonNullable<Command["options"]>[number]): Option {
  const option = new Option(flags, description).makeOptionMandatory(required ?? false);
  if (preset !== undefined) option.default(preset);
  if (choices) option.choices(choices);
  return option;
}
