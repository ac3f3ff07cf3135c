import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { idpMetadata } from "../support/idp-metadata";
import { login, makeKeys, type KeyPair, type LoginOptions, type Scene } from "../support/saml-kit";
import type { Bench } from "./bench";

export interface Imported {
  readonly acsUrl: string;
  readonly loginUrl: string;
  readonly entityId: string;
}

/** An answer of the identity provider, and the cookie of the browser that waits for it. */
export interface Ready {
  readonly form: string;
  readonly cookie: string;
}

/** A Plenum with one organization, connected to an identity provider of ours. */
export interface SamlServer {
  readonly port: number;
  readonly pid: number;
  readonly imported: Imported;
  readonly keys: KeyPair;
}

const idpEntityId = "https://idp.bench.example/metadata";

export async function openSamlServer(bench: Bench): Promise<SamlServer> {
  const keys = await makeKeys("idp");
  await bench.command([
    ...["org", "create", "--name", "Bench", "--slug", "saml", "--owner-email", "owner@saml.test"],
    ...["--plan", "enterprise", "--seats", "100000"],
  ]);
  const file = join(bench.dataDir, "idp.xml");
  const metadata = idpMetadata(keys, { entityId: idpEntityId, ssoUrl: "https://idp.bench.example/sso" });
  writeFileSync(file, metadata.replace('WantAuthnRequestsSigned="true"', ""));
  const server = await bench.plenum({ PLENUM_DOORS: "saml,console", PLENUM_TRUST_PROXY: "127.0.0.0/8" });
  const imported = await bench.command<Imported>(["saml", "import", "--org", "saml", "--metadata-file", file]);
  return { ...server, imported, keys };
}

export function sceneOf({ imported, keys }: SamlServer, requestId: string): Scene {
  const { entityId: spEntityId, acsUrl } = imported;
  return { now: new Date(), idpEntityId, spEntityId, acsUrl, requestId, keys, foreignKeys: keys };
}

/** An address of the network of its own for each: refusals count by address. */
export function addressOf(i: number): { readonly "x-forwarded-for": string } {
  return { "x-forwarded-for": `198.51.${(i >> 8) & 255}.${i & 255}` };
}

export function local(port: number, url: string): string {
  const { pathname, search } = new URL(url, "http://localhost");
  return `http://127.0.0.1:${port}${pathname}${search}`;
}

/** Requests and signed answers, made before a clock runs: making them is the identity provider's work. */
export async function prepare(
  server: SamlServer,
  count: number,
  options: (email: string) => LoginOptions = simple,
): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (let i = 0; i < count; i++) {
    const url = local(server.port, server.imported.loginUrl);
    const start = await fetch(url, { redirect: "manual", headers: addressOf(i) });
    const location = new URL(start.headers.get("location") ?? "");
    const request = inflateRawSync(Buffer.from(location.searchParams.get("SAMLRequest") ?? "", "base64")).toString();
    const xml = login(sceneOf(server, / ID="([^"]+)"/.exec(request)?.[1] ?? ""), options(`person${i}@saml.test`));
    const form = new URLSearchParams({
      SAMLResponse: Buffer.from(xml).toString("base64"),
      RelayState: location.searchParams.get("RelayState") ?? "",
    });
    ready.push({ form: form.toString(), cookie: start.headers.getSetCookie()[0]?.split(";")[0] ?? "" });
  }
  return ready;
}

const simple = (email: string): LoginOptions => ({ assertion: { nameId: email, attributes: [["email", [email]]] } });

/** Posts every answer and completes it to a session, `atOnce` browsers side by side. */
export async function signInMany(server: SamlServer, ready: readonly Ready[], atOnce: number): Promise<void> {
  const queue = [...ready.entries()];
  const client = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await signIn(server, next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}

async function signIn({ port, imported }: SamlServer, { form, cookie }: Ready, i: number): Promise<void> {
  const headers = { "content-type": "application/x-www-form-urlencoded", cookie, ...addressOf(i) };
  const url = local(port, imported.acsUrl);
  const posted = await fetch(url, { method: "POST", body: form, headers, redirect: "manual" });
  const next = posted.headers.get("location");
  if (posted.status !== 303 || next === null) throw await unexpected("ACS", posted);
  const done = await fetch(local(port, next), { headers: { cookie, ...addressOf(i) }, redirect: "manual" });
  const session = done.headers.getSetCookie().some((line) => line.startsWith("plenum_session=plmses_"));
  if (!session) throw await unexpected("complete", done);
}

async function unexpected(what: string, answer: Response): Promise<Error> {
  const text = (await answer.text()).replace(/<style[^]*<\/style>/, "").slice(0, 900);
  return new Error(`${what} answered ${answer.status}: ${text}`);
}
