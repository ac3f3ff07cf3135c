/** The origin of `PLENUM_PUBLIC_URL`; what is wrong with it is added to the problems. */
export function readPublicUrl(text: string, problems: string[]): string {
  if (!hasScheme(text, ["http:", "https:"])) {
    problems.push("PLENUM_PUBLIC_URL: expected a URL https://…");
    return text;
  }
  const url = new URL(text);
  if (url.pathname !== "/" || url.search || url.hash || url.username) {
    problems.push("PLENUM_PUBLIC_URL: expected scheme, host and port only");
  }
  // Without TLS a cookie could not be `Secure`; on the own machine nobody listens in between (ruling c1).
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    problems.push("PLENUM_PUBLIC_URL: expected https, because http is for localhost only");
  }
  return url.origin;
}

/** Whether a host name means this machine whoever asks. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Whether a text is a URL of one of these schemes (`https:`). */
export function hasScheme(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}
