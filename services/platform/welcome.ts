/** One line of the table that a start ends with. */
export interface WelcomeRow {
  readonly what: string;
  readonly open: string;
}

/** The table of what to open, as text. */
export function welcomeTable(rows: readonly WelcomeRow[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return ["", "Plenum is ready", "", ...rows.map(({ what, open }) => `  ${what.padEnd(width)}  ${open}`), "", ""].join(
    "\n",
  );
}
