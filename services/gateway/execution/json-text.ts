/** Data that is JSON already, on its way through Apollo to the wire. */
export class JsonText {
  constructor(
    readonly text: string,
    /** Whether there is more in it than nulls. */
    readonly isAnswered: boolean,
  ) {}
}

interface Result {
  readonly errors?: unknown;
  readonly data?: unknown;
  readonly extensions?: unknown;
}

/** Writes an answer: the way every result of this door goes, written already or not. */
export function writeResult(result: object): string {
  const { data, ...rest } = result as Result;
  if (!(data instanceof JsonText)) return JSON.stringify(result);
  const others = Object.entries(rest).filter(([, value]) => value !== undefined);
  const written = others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},`).join("");
  return `{${written}"data":${data.text}}`;
}
