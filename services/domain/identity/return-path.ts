/** Where a sign-in ends when nothing better is known. */
export const defaultLanding = "/";

// Pages that sign in or out themselves: returning there would loop, or end the session that was just made.
const notALanding = /^\/(?:saml|sso|sign-in|session|scim|graphql)(?:[/?#]|$)/i;

/**
 * A path on this origin to return to after sign-in, or the default landing for anything else: other origins,
 * protocol-relative and backslash forms, control characters, the sign-in pages themselves (SAML-23, SAML-A79).
 */
export function safeReturnPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > 500) return defaultLanding;
  // Browsers drop these before they resolve an address.
  const odd = /[\u0000-\u0020\u007f-\uffff\\]/;
  if (!asked.startsWith("/") || asked.startsWith("//") || odd.test(asked)) return defaultLanding;
  const { origin, pathname, search, hash } = new URL(asked, "https://origin.invalid");
  if (origin !== "https://origin.invalid" || pathname.startsWith("//") || notALanding.test(pathname)) {
    return defaultLanding;
  }
  return pathname + search + hash;
}
