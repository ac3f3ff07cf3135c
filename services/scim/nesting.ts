const char = {
  quote: 0x22,
  backslash: 0x5c,
  openList: 0x5b,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/**
 * Whether a JSON text nests deeper than `max` levels. Any depth can be parsed; whoever walks through what came of it,
 * here or in the database, uses up a stack.
 */
export function nestsDeeperThan(max: number, text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === char.backslash) at++;
      else if (code === char.quote) isInString = false;
    } else if (code === char.quote) {
      isInString = true;
    } else if (code === char.openList || code === char.openObject) {
      if (++depth > max) return true;
    } else if (code === char.closeList || code === char.closeObject) {
      depth--;
    }
  }
  return false;
}
