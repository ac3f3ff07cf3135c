const removed = "[redacted]";

// Names whose values never appear in a log, whatever holds them. Compared without case, hyphens and underscores.
const secretNames = new Set([
  "authorization",
  "proxyauthorization",
  "cookie",
  "setcookie",
  "password",
  "secret",
  "secretkey",
  "clientsecret",
  "token",
  "accesstoken",
  "refreshtoken",
  "ownertoken",
  "membertoken",
  "bearer",
  "apikey",
  "privatekey",
  "sessionid",
  "samlresponse",
  "samlrequest",
  "relaystate",
  "assertion",
  "xml",
  "csrf",
  "signinurl",
  "ownersigninurl",
  // Of persons: an error of the database repeats the values of the row, TypeORM those of the statement.
  "email",
  "emails",
  "username",
  "to",
  "recipient",
  "detail",
  "parameters",
  "where",
  "hint",
  "query",
  "body",
  "html",
]);

// Inside texts: our own secrets by their prefix, credentials of headers and URLs, form fields of SAML, addresses.
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\bplm[a-z]{0,8}_[A-Za-z0-9_-]{8,}/g, `plm_${removed}`],
  // Links in letters carry a bare secret: whoever reads the log could use it before its person does.
  [/(\/sign-in\/)[A-Za-z0-9_-]{16,}/g, `$1${removed}`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${removed}`],
  [
    /\b((?:SAML(?:Response|Request)|RelayState|Signature|email|token|code|secret|password)=)[^&\s"']+/gi,
    `$1${removed}`,
  ],
  [/(:\/\/[^/\s:@]*:)[^@/\s]+@/g, `$1${removed}@`],
  [/[^\s@"'<>(),;:]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g, "[e-mail]"],
  [/\b(?:PHNhbWw|PD94bWw)[A-Za-z0-9+/=]{20,}/g, removed],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, removed],
];

const depthMax = 8;
const textMax = 4_000;

/** A text without what nobody may read in a log. */
export function scrubText(text: string): string {
  const cut = text.length > textMax ? `${text.slice(0, textMax)}…` : text;
  return secretTexts.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), cut);
}

/** A copy of a value for the log: secret names emptied, texts scrubbed, depth bounded, errors spelled out. */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return scrubText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (depth >= depthMax) return "[deep]";
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => scrub(item, depth + 1));
  const fields = value instanceof Error ? errorFields(value) : Object.entries(value);
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      isSecretName(name) && field !== undefined ? removed : scrub(field, depth + 1),
    ]),
  );
}

function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replaceAll(/[-_]/g, ""));
}

// What libraries hang onto their errors: the connection with all its buffers, the same error once more, C sources.
const bulky = new Set(["name", "client", "driverError", "file", "line", "routine", "length", "position"]);

function errorFields(error: Error): [string, unknown][] {
  return [
    ["type", error.name],
    ["message", error.message],
    ["stack", error.stack],
    ["cause", error.cause],
    ...Object.entries(error).filter(([name]) => !bulky.has(name)),
  ];
}
