/** Collects the values of a statement while its text is being made. */
export class Parameters {
  private readonly given: unknown[] = [];

  /** @param before how many parameters the statement has already. */
  constructor(private readonly before: number) {}

  /** A placeholder for a value. */
  readonly add = (value: unknown): string => `$${this.before + this.given.push(value)}`;

  /**
   * The texts with their placeholders numbered without gaps, and the values in that order. An expression that turned out
   * to be a constant leaves its parameters unused, and PostgreSQL refuses a parameter whose type nothing tells.
   */
  settle(texts: readonly string[]): { texts: string[]; values: unknown[] } {
    // Most filters use every parameter once, in order: nothing has to be numbered anew.
    const used = texts.flatMap((text) => text.match(/\$\d+/g) ?? []);
    if (used.length === this.given.length && used.every((name, i) => name === `$${this.before + 1 + i}`)) {
      return { texts: [...texts], values: this.given };
    }
    const order: number[] = [];
    const numbered = (_: string, digits: string): string => {
      const old = Number(digits);
      if (old <= this.before) return `$${old}`;
      if (!order.includes(old)) order.push(old);
      return `$${this.before + 1 + order.indexOf(old)}`;
    };
    const settled = texts.map((text) => text.replace(/\$(\d+)/g, numbered));
    return { texts: settled, values: order.map((n) => this.given[n - this.before - 1]) };
  }
}
