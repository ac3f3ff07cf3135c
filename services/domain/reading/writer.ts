import type { Bind, Gate, Run } from "./noun";

/** What is collected while one statement is written: its parameters and what it takes to ask it. */
export class Writer {
  readonly values: ((run: Run) => unknown)[] = [(run) => run.orgId];
  readonly gates: { readonly gate: Gate; readonly argumentsAt: number | undefined }[] = [];
  private names = 0;
  private memos = 0;

  /** `$1` is the organization in every statement. */
  readonly bind: Bind = (value) => `$${this.values.push(value)}`;

  /** A name for a row: letters of the thing and a number. */
  alias(name: string): string {
    return `${name.toLowerCase()}_${++this.names}`;
  }

  /** A place in `Remembering.memo`. */
  memo(): number {
    return this.memos++;
  }
}

/** One select: its columns, each once, and its joins, each once. */
export class Level {
  readonly columns: string[] = [];
  readonly joins: string[] = [];
  orderBy: string | undefined;
  private readonly places = new Map<string, number>();
  private readonly aliases = new Map<string, string>();

  /** `branches`: whether one list may be joined to the rows of this select instead of being folded into a cell. */
  constructor(private branches: boolean) {}

  cell(expression: string): number {
    const known = this.places.get(expression);
    if (known !== undefined) return known;
    const place = this.columns.push(expression) - 1;
    this.places.set(expression, place);
    return place;
  }

  /** The alias of a joined row; `make` writes the join where it is not there yet. */
  joined(what: string, make: () => { alias: string; text: string }): string {
    const known = this.aliases.get(what);
    if (known !== undefined) return known;
    const { alias, text } = make();
    this.joins.push(text);
    this.aliases.set(what, alias);
    return alias;
  }

  /** True for the first list that asks. */
  takeBranch(): boolean {
    const may = this.branches;
    this.branches = false;
    return may;
  }
}
