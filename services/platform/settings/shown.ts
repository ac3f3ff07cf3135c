import type { Config } from "../config";

/** The configuration for showing to people: secrets and passwords left out (OPS-30). */
export function shownConfig(config: Config): Readonly<Record<string, unknown>> {
  const { database } = config;
  return {
    ...config,
    doors: [...config.doors],
    trustedDocuments: config.trustedDocuments?.size,
    secretKey: config.secretKey === undefined ? "generated in the data directory" : "set",
    previousSecretKey: config.previousSecretKey === undefined ? undefined : "set",
    smtpUrl: config.smtpUrl === undefined ? undefined : withoutPassword(config.smtpUrl),
    database:
      database.kind === "embedded"
        ? database
        : {
            kind: "external",
            url: withoutPassword(database.url),
            ownerUrl: database.ownerUrl === undefined ? undefined : withoutPassword(database.ownerUrl),
          },
  };
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = "…";
  return decodeURI(url.href.replace("%E2%80%A6", "…"));
}
