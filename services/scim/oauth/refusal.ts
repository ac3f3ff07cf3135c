import { PlenumError } from "../../kernel/errors";

/** The closed list of RFC 6749 §5.2, as far as client credentials need it. */
export type TokenError =
  "invalid_request" | "invalid_client" | "invalid_scope" | "unauthorized_client" | "unsupported_grant_type";

/** A refusal in the words of OAuth; one answer for every way in which a client can be wrong. */
export class TokenRefusal extends PlenumError {
  constructor(
    readonly error: TokenError,
    description: string,
  ) {
    super(error === "invalid_client" ? "unauthenticated" : "invalid", description);
  }
}

/** Unknown, revoked, foreign, wrongly proved: nobody learns which. */
export function invalidClient(): TokenRefusal {
  return new TokenRefusal("invalid_client", "the client is unknown or has not proved itself");
}
