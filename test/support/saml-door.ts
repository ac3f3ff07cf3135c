import { randomInt } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import express from "express";
import {
  addConnection,
  importConnection,
  type ImportConnection,
  type SamlConnection,
} from "../../services/domain/identity";
import { oldestConnection } from "../../services/domain/identity/connections.store";
import { keyPlace } from "../../services/domain/identity/saml-connection";
import { insertSpKey } from "../../services/domain/identity/saml-connections.store";
import { newId } from "../../services/kernel/ids";
import type { Config } from "../../services/platform/config";
import type { DoorContext, OpenDoor } from "../../services/platform/door";
import { metricsPage } from "../../services/platform/http/probes";
import { nothingHere, safeHeaders } from "../../services/platform/http/replies";
import { accessLine } from "../../services/platform/http/request";
import { openLog } from "../../services/platform/log";
import { openMetrics } from "../../services/platform/metrics";
import type { Database } from "../../services/platform/unit-of-work";
import { pagesDoor } from "../../services/pages/router";
import { samlDoor } from "../../services/saml/door";
import { attribute, parseXml } from "../../services/kernel/xml/dom";
import { closeAfterFile } from "./database";
import { idpMetadata } from "./idp-metadata";
import { listen } from "./listen";
import { login, makeKeys, type KeyPair, type LoginOptions, type Scene } from "./saml-kit";
import { publicUrl, type TestOrg } from "./world";

/** The SAML door and the pages on a port of their own, over this worker's database. */
export async function openSaml(db: Database): Promise<string> {
  const log = openLog("silent");
  const metrics = openMetrics("test");
  const app = express();
  app.set("trust proxy", true);
  app.use(accessLine(log, metrics), safeHeaders(publicUrl));
  const context = { db, log, metrics, clock: db.clock, config: { publicUrl } as Config } as DoorContext;
  const saml = (await samlDoor(context)) as OpenDoor;
  closeAfterFile(async () => saml.close?.());
  app.use(metricsPage(metrics), saml.router as express.Router, pagesDoor({ db, publicUrl }), nothingHere);
  return listen(app);
}

export interface Visit {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser: cookies per origin, redirects followed by hand. What goes to the public URL goes to `base`. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** Each browser comes from an address of its own, or the limit on refusals would stop a suite of attacks. */
  ip = `198.51.${randomInt(256)}.${randomInt(256)}`;

  private readonly replicas: readonly string[];

  /** `base` may be several replicas; each request then goes to whichever. */
  constructor(base: string | readonly string[]) {
    this.replicas = [base].flat();
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<Visit> {
    return this.send(url, { headers });
  }

  async post(url: string, form: Record<string, string> | string, headers: Record<string, string> = {}): Promise<Visit> {
    const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
    const type = { "content-type": "application/x-www-form-urlencoded" };
    return this.send(url, { method: "POST", body, headers: { ...type, ...headers } });
  }

  /** Follows redirects until a page answers. */
  async follow(visit: Visit): Promise<Visit> {
    let at = visit;
    for (let hops = 0; at.location !== null && hops < 10; hops++) at = await this.get(at.location);
    return at;
  }

  private async send(url: string, init: RequestInit): Promise<Visit> {
    const target = new URL(url, publicUrl);
    const isOurs = target.origin === publicUrl;
    const address = isOurs ? this.anyReplica() + target.pathname + target.search : target.href;
    const cookie = [...this.cookies]
      .filter(([name]) => name.startsWith(`${target.origin} `))
      .map(([name, value]) => `${name.split(" ")[1] ?? ""}=${value}`)
      .join("; ");
    const given = init.headers as Record<string, string>;
    const headers = { "x-forwarded-for": this.ip, ...given, ...(cookie ? { cookie } : {}) };
    const answer = await fetch(address, { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) this.keep(target.origin, line);
    const location = answer.headers.get("location");
    return {
      status: answer.status,
      headers: answer.headers,
      text: await answer.text(),
      location: location === null ? null : new URL(location, isOurs ? publicUrl : target.href).href,
    };
  }

  private anyReplica(): string {
    return this.replicas[randomInt(this.replicas.length)] ?? "";
  }

  private keep(origin: string, line: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const key = `${origin} ${name ?? ""}`;
    if (/Max-Age=0/i.test(line)) this.cookies.delete(key);
    else this.cookies.set(key, value ?? "");
  }
}

/** Our connection to the mini identity provider, and how to sign in through it. */
export interface SamlSite {
  readonly connection: SamlConnection;
  readonly keys: KeyPair;
  readonly idpEntityId: string;
}

let spareKeys: Promise<KeyPair> | undefined;

// A key of 3 072 bits takes up to a second to make; all but the tests of keys share one of the suite's own.
async function withSpareKey(org: TestOrg): Promise<void> {
  spareKeys ??= makeKeys("sp");
  const spare = await spareKeys;
  await org.run(async (tx) => {
    if (await oldestConnection(tx)) return;
    const connectionId = await addConnection(tx, "SAML");
    const id = newId("certificate");
    const privateKeySealed = await tx.instance.keyring.seal(tx, keyPlace(id), spare.privateKeyPem);
    const validTo = new Date("2036-01-01T00:00:00Z");
    await insertSpKey(tx, {
      id,
      connectionId,
      use: "SIGNING",
      certificate: spare.certificatePem,
      privateKeySealed,
      validTo,
    });
  }, org.operator);
}

/** Imports a connection as the operator does: active at once. */
export async function connectIdp(
  org: TestOrg,
  keys: KeyPair,
  more: Partial<ImportConnection> & { idpEntityId?: string; ssoUrl?: string; makeOwnKey?: boolean } = {},
): Promise<SamlSite> {
  const {
    idpEntityId = `https://idp.${org.slug}.example/metadata`,
    ssoUrl = "https://idp.example/sso",
    makeOwnKey,
    ...input
  } = more;
  const xml = idpMetadata(keys, { entityId: idpEntityId, ssoUrl }).replace('WantAuthnRequestsSigned="true"', "");
  if (!makeOwnKey) await withSpareKey(org);
  const connection = await org.run(
    (tx) => importConnection(tx, { from: { kind: "metadata", xml }, ...input }),
    org.operator,
  );
  return { connection, keys, idpEntityId };
}

/** What the service provider asked, as the identity provider reads it. */
export function askedIn(location: string): { id: string; relayState: string; xml: string; url: URL } {
  const url = new URL(location);
  const xml = inflateRawSync(Buffer.from(url.searchParams.get("SAMLRequest") ?? "", "base64")).toString("utf8");
  return { id: attribute(parseXml(xml), "ID") ?? "", relayState: url.searchParams.get("RelayState") ?? "", xml, url };
}

/** The scene of one answer: the mini identity provider replies to this request. */
export function sceneFor(site: SamlSite, requestId: string | null, more: Partial<Scene> = {}): Scene {
  return {
    now: new Date(),
    idpEntityId: site.idpEntityId,
    spEntityId: site.connection.spEntityId,
    acsUrl: site.connection.urls.acsUrl,
    requestId,
    keys: site.keys,
    foreignKeys: site.keys,
    ...more,
  };
}

/** Asks for a sign-in and answers as the identity provider does; the form is ready to be posted. */
export async function answered(
  browser: Browser,
  site: SamlSite,
  o: LoginOptions = {},
  query = "",
): Promise<{ form: { SAMLResponse: string; RelayState: string }; requestId: string; xml: string }> {
  const start = await browser.get(site.connection.urls.loginUrl + query);
  if (start.location === null) throw new Error(`no redirect: ${start.status} ${start.text.slice(0, 300)}`);
  const { id, relayState } = askedIn(start.location);
  const xml = login(sceneFor(site, id), o);
  const SAMLResponse = Buffer.from(xml, "utf8").toString("base64");
  return { form: { SAMLResponse, RelayState: relayState }, requestId: id, xml };
}

/** The code on a refusal page. */
export const codeOn = (visit: Visit): string =>
  /<code>([a-z0-9_]+)<\/code>/.exec(visit.text)?.[1] ?? `status ${visit.status}`;

/** A whole sign-in; answers the last page and the session it left. */
export async function signIn(
  browser: Browser,
  site: SamlSite,
  o: LoginOptions = {},
  query = "",
): Promise<{ visit: Visit; session: unknown }> {
  const { form } = await answered(browser, site, o, query);
  const posted = await browser.post(site.connection.urls.acsUrl, form);
  const visit = posted.location === null ? posted : await browser.get(posted.location);
  const session = await browser.get("/session");
  return { visit, session: session.status === 200 ? JSON.parse(session.text) : null };
}
