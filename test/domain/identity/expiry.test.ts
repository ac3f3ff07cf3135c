import {
  addCertificate,
  changeConnection,
  createScimToken,
  giveExpiryNotices,
  listExpiries,
  refreshDueMetadata,
  refreshMetadata,
  showConnection,
  type ConnectionChange,
  type MetadataFetcher,
} from "../../../services/domain/identity";
import { nextFetchAt, retryFetchAt } from "../../../services/domain/identity/metadata-schedule";
import { FakeClock, dayMs, hourMs } from "../../../services/kernel/clock";
import type { ConnectionId } from "../../../services/kernel/ids";
import { listMails } from "../../../services/platform/lobby";
import { OutboundRefused } from "../../../services/platform/outbound";
import type { Database } from "../../../services/platform/unit-of-work";
import { asSuperuser, importedConnection, refusal } from "../../support/identity";
import { idpMetadata, keyDescriptor } from "../../support/idp-metadata";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, testWorld, type TestOrg } from "../../support/world";

let db: Database;
let clock: FakeClock;
let keys: KeyPair;
let second: KeyPair;
// A day as the certificates count it; the one below ends at its stroke.
const end = new Date("2027-03-01T00:00:00.000Z");
const daysBefore = (days: number) => new Date(end.getTime() - days * dayMs);

beforeAll(async () => {
  clock = new FakeClock(daysBefore(90));
  db = await testWorld({ clock });
  [keys, second] = await Promise.all([makeKeys("idp", 2048, end.toISOString()), makeKeys("second")]);
});
beforeEach(() => clock.set(daysBefore(90)));

/** Does the due work; answers how many letters each address got by it, and when it is due again. */
async function notices(org: TestOrg): Promise<{ mails: Record<string, string[]>; next: Date | null }> {
  const before = await mailsOf(org);
  let next: Date | null = null;
  await giveExpiryNotices(db, org.system, async (_tx, at) => void (next = at));
  const fresh = (await mailsOf(org)).slice(0, -before.length || undefined);
  const mails: Record<string, string[]> = {};
  for (const { to, subject } of fresh) (mails[to.split("@")[0]!] ??= []).push(subject);
  return { mails, next };
}
const mailsOf = async (org: TestOrg) => (await listMails(db, 1_000)).filter((mail) => mail.to.endsWith(org.domain));

test("SAML-17: 60, 30, 14, 7 and 1 days before and on the day a certificate ends, once each, to all who may act", async () => {
  const org = await buildOrg(db);
  await org.add("admin", { role: "ADMIN" });
  await org.add("member");
  await importedConnection(org, keys);
  const told: Record<string, number> = {};
  let quiet = 0;

  for (let days = 62; days >= -2; days--) {
    clock.set(daysBefore(days));
    const { mails } = await notices(org);
    const again = await notices(org);
    expect(again.mails).toEqual({});
    if (Object.keys(mails).length === 0) quiet += 1;
    else {
      expect(Object.keys(mails).sort()).toEqual(["admin", "owner"]);
      told[mails["owner"]![0]!] = days;
    }
  }

  const what = "the certificate “CN=idp” of the identity provider “SAML”";
  expect(told).toEqual({
    [`${what} expires in 60 days`]: 60,
    [`${what} expires in 30 days`]: 30,
    [`${what} expires in 14 days`]: 14,
    [`${what} expires in 7 days`]: 7,
    [`${what} expires in 1 day`]: 1,
    [`${what} has expired`]: 0,
  });
  expect(quiet).toBe(65 - 6);
});

test("SAML-17: the work is due at the very threshold, and tells the tightest one only when it comes late", async () => {
  const org = await buildOrg(db);
  const connectionId = await importedConnection(org, keys);
  clock.set(daysBefore(60.5));
  expect((await notices(org)).next).toEqual(daysBefore(60));
  clock.set(daysBefore(65));
  expect((await notices(org)).next).toEqual(new Date(clock.now().getTime() + dayMs));

  clock.set(daysBefore(12));
  const { mails } = await notices(org);
  expect(mails["owner"]).toEqual(["the certificate “CN=idp” of the identity provider “SAML” expires in 12 days"]);
  const warnings = await org.run((tx) => listExpiries(tx, {}));
  expect(warnings).toMatchObject([{ kind: "IDP_CERTIFICATE", connectionId, daysLeft: 12 }]);
});

test("SAML-17, SCIM-044: keys of ours, metadata and SCIM tokens are told of too; a token's end to the owners alone", async () => {
  const org = await buildOrg(db);
  await org.add("admin", { role: "ADMIN" });
  const id = await importedConnection(org, second);
  const at = (days: number) => new Date(clock.now().getTime() + days * dayMs);
  await org.run((tx) => createScimToken(tx, { name: "Okta", connectionId: id, validDays: 400 }), org.operator);
  await asSuperuser("update scim_token set expires_at = $2 where org_id = $1", [org.orgId, at(30)]);
  await asSuperuser("update sp_key set valid = tstzrange(lower(valid), $2) where org_id = $1", [org.orgId, at(14)]);
  await asSuperuser("update identity_connection set metadata_valid_until = $2 where org_id = $1", [org.orgId, at(7)]);

  const { mails } = await notices(org);
  expect(mails["admin"]?.sort()).toEqual([
    "our signing key for “SAML” expires in 14 days",
    "the validity of the metadata of “SAML” expires in 7 days",
  ]);
  expect(mails["owner"]).toContain("the SCIM token “Okta” of “SAML” expires in 30 days");

  // Metadata that comes again with a later end is told of anew.
  await asSuperuser("update identity_connection set metadata_valid_until = $2 where org_id = $1", [org.orgId, at(6)]);
  expect((await notices(org)).mails["owner"]).toEqual(["the validity of the metadata of “SAML” expires in 6 days"]);
});

const url = "https://idp.acme.example/metadata.xml";
const serving =
  (xml: () => string): MetadataFetcher =>
  async (asked) => ({ status: 200, headers: {}, body: Buffer.from(xml()), url: asked });

async function followed(mode: "ask" | "auto"): Promise<{ org: TestOrg; id: ConnectionId }> {
  const org = await buildOrg(db);
  const id = await importedConnection(org, keys);
  const change: ConnectionChange = { metadataUrl: url, metadataMode: mode };
  await org.run((tx) => changeConnection(tx, { id, change }), org.operator);
  return { org, id };
}
const certificates = async (org: TestOrg, id: ConnectionId) =>
  Object.fromEntries(
    (await org.run((tx) => showConnection(tx, { id }))).certificates.map((c) => [
      c.sha256 === keys.sha256 ? "first" : "second",
      c.status,
    ]),
  );
const both = () => idpMetadata(keys, { keysXml: keyDescriptor(keys, "signing") + keyDescriptor(second, "signing") });
const onlySecond = () => idpMetadata(second);

test("SAML-06: by `ask` a new key waits for an administrator, who is told once; by `auto` it vouches at once", async () => {
  const [asking, auto] = [await followed("ask"), await followed("auto")];
  const refresh = ({ org, id }: typeof asking) => refreshMetadata(db, org.operator, { id }, serving(both));

  expect(await refresh(asking)).toMatchObject({ added: [], pending: [second.sha256] });
  expect(await certificates(asking.org, asking.id)).toEqual({ first: "LIVE", second: "PENDING" });
  expect(await refresh(asking)).toMatchObject({ added: [], pending: [] });
  const told = (await mailsOf(asking.org)).filter((mail) => mail.subject.startsWith("A new certificate"));
  expect(told).toHaveLength(1);

  expect(await refresh(auto)).toMatchObject({ added: [second.sha256], pending: [] });
  expect(await certificates(auto.org, auto.id)).toEqual({ first: "LIVE", second: "LIVE" });
  // Added by hand after the announcement: it vouches.
  const add = { connectionId: asking.id, certificate: second.certificatePem };
  expect((await asking.org.run((tx) => addCertificate(tx, add), asking.org.operator)).status).toBe("LIVE");
});

test("SAML-06: a key that metadata drops vouches for seven more days, by `ask` for good, and is never the last to go", async () => {
  const [asking, auto] = [await followed("ask"), await followed("auto")];
  for (const { org, id } of [asking, auto]) await refreshMetadata(db, org.operator, { id }, serving(both));
  const drop = ({ org, id }: typeof asking) => refreshMetadata(db, org.operator, { id }, serving(onlySecond));

  await drop(auto);
  clock.advanceMs(7 * dayMs - hourMs);
  await drop(auto);
  expect(await certificates(auto.org, auto.id)).toEqual({ first: "LIVE", second: "LIVE" });
  clock.advanceMs(2 * hourMs);
  expect(await drop(auto)).toMatchObject({ retired: [keys.sha256] });
  expect(await certificates(auto.org, auto.id)).toEqual({ first: "RETIRED", second: "LIVE" });

  await drop(asking);
  clock.advanceMs(30 * dayMs);
  await drop(asking);
  // The only one that vouches here is the one that the metadata has dropped.
  expect(await certificates(asking.org, asking.id)).toEqual({ first: "LIVE", second: "PENDING" });
});

test("SAML-06: another entity id or another host is never taken over; it is told of, once", async () => {
  const { org, id } = await followed("auto");
  const elsewhere = () => idpMetadata(keys, { ssoUrl: "https://evil.example/sso" });
  const foreign = () => idpMetadata(keys, { entityId: "https://evil.example/metadata" });
  const moved = () => idpMetadata(keys, { ssoUrl: "https://idp.acme.example/sso/v2" });
  const ssoUrl = async () => (await org.run((tx) => showConnection(tx, { id }))).connection.ssoUrl;
  const before = await ssoUrl();

  for (let n = 0; n < 2; n++) {
    expect(await refreshMetadata(db, org.operator, { id }, serving(elsewhere))).toMatchObject({
      differing: ["ssoUrl"],
    });
  }
  expect(await ssoUrl()).toBe(before);
  expect((await mailsOf(org)).filter((mail) => mail.text.includes("ssoUrl"))).toHaveLength(1);
  expect(await refusal(refreshMetadata(db, org.operator, { id }, serving(foreign)))).toMatchObject({
    code: "invalid",
    facts: { reason: "other_entity" },
  });
  await refreshMetadata(db, org.operator, { id }, serving(moved));
  expect(await ssoUrl()).toBe("https://idp.acme.example/sso/v2");
});

test("SAML-06, SAML-07: the agenda fetches what is due; a failure waits an hour, then longer, and breaks nothing", async () => {
  const { org, id } = await followed("ask");
  const asked: string[] = [];
  const failing: MetadataFetcher = async (address) => {
    asked.push(address);
    throw new OutboundRefused("address_not_public");
  };
  let next: Date | null = null;
  const settle = async (_tx: unknown, at: Date | null) => void (next = at);

  await refreshDueMetadata(db, org.system, settle, failing);
  expect([asked, next]).toEqual([[url], new Date(clock.now().getTime() + 2 * hourMs)]);
  await refreshDueMetadata(db, org.system, settle, failing);
  expect(asked).toHaveLength(1);
  clock.advanceMs(2 * hourMs);
  await refreshDueMetadata(db, org.system, settle, failing);
  expect([asked.length, next]).toEqual([2, new Date(clock.now().getTime() + 4 * hourMs)]);
  expect((await org.run((tx) => showConnection(tx, { id }))).connection.metadataFailures).toBe(2);

  clock.advanceMs(4 * hourMs);
  await refreshDueMetadata(db, org.system, settle, serving(both));
  expect((await org.run((tx) => showConnection(tx, { id }))).connection.metadataFailures).toBe(0);
  const wait = (next as Date | null)!.getTime() - clock.now().getTime();
  expect([wait >= 0.9 * dayMs, wait <= 1.1 * dayMs]).toEqual([true, true]);
});

test("SAML-06: daily with a tenth of play, sooner where the publisher wants it, never within the hour", () => {
  const now = new Date("2026-05-01T00:00:00Z");
  const after = (said: Parameters<typeof nextFetchAt>[1], chance = 0.5) =>
    (nextFetchAt(now, said, chance).getTime() - now.getTime()) / hourMs;
  const none = { cacheMs: undefined, validUntil: null };

  expect([after(none, 0), after(none), after(none, 1)].map((hours) => Math.round(hours * 10) / 10)).toEqual([
    21.6, 24, 26.4,
  ]);
  expect(after({ ...none, cacheMs: 6 * hourMs })).toBe(6);
  expect(after({ ...none, cacheMs: 1 })).toBe(1);
  expect(after({ ...none, validUntil: new Date(now.getTime() + 8 * hourMs) })).toBe(4);
  const retries = [1, 2, 3, 9].map((failures) => (retryFetchAt(now, failures).getTime() - now.getTime()) / hourMs);
  expect(retries).toEqual([2, 4, 8, 24]);
});
