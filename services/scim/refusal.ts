import { PlenumError, type ErrorCode } from "../kernel/errors";

/** The registered keywords of RFC 7644 §3.12 and RFC 9865 §5, and our own, which stand with 403 only (SCIM-035). */
export type ScimType =
  | "invalidSyntax"
  | "invalidValue"
  | "invalidPath"
  | "noTarget"
  | "mutability"
  | "invalidFilter"
  | "tooMany"
  | "invalidVers"
  | "sensitive"
  | "uniqueness"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount"
  | "seatLimitReached"
  | "protectedResource"
  | "massDeprovisionGuard";

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  412: "stale_version",
  413: "too_large",
  429: "rate_limited",
  503: "unavailable",
};

/** A refusal that only this protocol knows: the request was not understood or asks for what SCIM forbids. */
export class ScimRefusal extends PlenumError {
  constructor(
    readonly status: number,
    readonly scimType: ScimType | undefined,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(codeOfStatus[status] ?? "invalid", detail);
  }

  /** The same refusal, saying first where in the request it arose: `Operations[2]` (SCIM-151). */
  at(where: string): ScimRefusal {
    return new ScimRefusal(this.status, this.scimType, `${where}: ${this.message}`, this.headers);
  }
}

const badRequest = (scimType: ScimType) => (detail: string) => new ScimRefusal(400, scimType, detail);

export const invalidSyntax = badRequest("invalidSyntax");
export const invalidValue = badRequest("invalidValue");
export const invalidPath = badRequest("invalidPath");
export const invalidFilter = badRequest("invalidFilter");
export const noTarget = badRequest("noTarget");
export const mutability = badRequest("mutability");
export const notFound = (what: string) => new ScimRefusal(404, undefined, `no such ${what}`);
export const tooLarge = (detail: string) => new ScimRefusal(413, undefined, detail);

/** What was received, for a sentence: at most 80 characters (SCIM-031). */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
