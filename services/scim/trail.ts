/** What a dialect changed in a request: none is silent (SCIM-001). */
export interface Coercion {
  readonly path: string;
  readonly rule: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface Warning {
  readonly path: string;
  readonly text: string;
}

/** Coercions and warnings of one request, on their way to the provisioning log. */
export class Trail {
  readonly coercions: Coercion[] = [];
  readonly warnings: Warning[] = [];

  coerce(path: string, rule: string, from: unknown, to: unknown): void {
    // A body of 50,000 odd members must not make a log entry of megabytes.
    if (this.coercions.length < 200) this.coercions.push({ path, rule, from: short(from), to: short(to) });
  }

  warn(path: string, text: string): void {
    if (this.warnings.length < 200) this.warnings.push({ path: path.slice(0, 200), text });
  }
}

function short(value: unknown): unknown {
  const text = JSON.stringify(value ?? null);
  return text.length <= 500 ? value : `${text.slice(0, 500)}…`;
}
