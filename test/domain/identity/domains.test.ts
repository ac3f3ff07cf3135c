import { isOwnDomain } from "../../../services/domain/members/add-member";
import {
  changeDomain,
  checkDomain,
  claimDomain,
  discoverConnections,
  listDomains,
  recheckDomains,
  removeDomain,
  showDomainProof,
  trustOfDomain,
  type DomainProof,
  type Settle,
} from "../../../services/domain/identity";
import { dayMs, type FakeClock } from "../../../services/kernel/clock";
import { parseEmail } from "../../../services/kernel/email";
import { findInDirectory, listMails } from "../../../services/platform/lobby";
import type { TxtResolver } from "../../../services/platform/dns";
import type { Database } from "../../../services/platform/unit-of-work";
import { asSuperuser, importedConnection, refusal, signedIn } from "../../support/identity";
import { makeKeys, type KeyPair } from "../../support/saml-kit";
import { buildOrg, testClock, testWorld, unique, type TestOrg } from "../../support/world";

let db: Database;
let clock: FakeClock;
let keys: KeyPair;

beforeAll(async () => {
  clock = testClock();
  db = await testWorld({ clock });
  keys = await makeKeys("idp");
});

/** A name server of the test's own; what it was asked is kept. */
class Zone {
  readonly asked: string[] = [];
  private readonly records = new Map<string, string[][] | undefined>();

  set(proof: DomainProof): void {
    // Beside somebody else's record, and in two pieces.
    const [head, tail] = [proof.recordValue.slice(0, 10), proof.recordValue.slice(10)];
    this.records.set(proof.recordName, [["v=spf1 -all"], [head, tail]]);
  }

  remove(name: string): void {
    this.records.set(name, []);
  }

  silence(name: string): void {
    this.records.set(name, undefined);
  }

  readonly resolve: TxtResolver = async (name) => {
    this.asked.push(name);
    return this.records.has(name) ? this.records.get(name) : [];
  };
}

const claim = async (org: TestOrg, domain: string, more = {}) =>
  org.run(async (tx) => claimDomain(tx, { domain, ...more }), await signedIn(org, org.ownerId));

async function verified(org: TestOrg, zone: Zone, domain: string): Promise<DomainProof> {
  const proof = await claim(org, domain);
  zone.set(proof);
  await checkDomain(db, org.owner, { id: proof.id }, zone.resolve);
  return proof;
}

/** Does the weekly work as the worker would; answers when it is due again. */
async function recheck(org: TestOrg, zone: Zone): Promise<Date | null> {
  let next: Date | null = null;
  const settle: Settle = async (_tx, at) => {
    next = at;
  };
  await recheckDomains(db, org.system, settle, zone.resolve);
  return next;
}

test("SAML-75: a claimed domain is the organization's once its DNS says so, and not before", async () => {
  const [org, zone] = [await buildOrg(db), new Zone()];
  const domain = `${unique("bücher")}.example`;
  const proof = await claim(org, domain);
  const ascii = proof.domain;

  expect(ascii).toMatch(/^xn--/);
  expect(proof).toMatchObject({ recordType: "TXT", recordName: `_plenum-verify.${ascii}` });
  expect(proof.recordValue).toMatch(/^plenum-verification=[0-9a-f]{32}$/);
  expect(await org.run((tx) => showDomainProof(tx, { id: proof.id }))).toEqual(proof);

  const early = await checkDomain(db, org.owner, { id: proof.id }, zone.resolve);
  expect(early).toMatchObject({ proved: false, answered: true, domain: { status: "PENDING" } });
  expect(zone.asked).toEqual([`_plenum-verify.${ascii}`]);
  expect(await org.run((tx) => isOwnDomain(tx, ascii))).toBe(false);

  zone.set(proof);
  const late = await checkDomain(db, org.owner, { id: proof.id }, zone.resolve);
  expect(late).toMatchObject({ proved: true, domain: { status: "VERIFIED", verifiedBy: "DNS", failures: 0 } });
  expect(await org.run((tx) => isOwnDomain(tx, ascii))).toBe(true);
  expect(JSON.stringify(await org.run((tx) => listDomains(tx, {})))).not.toContain(proof.recordValue.slice(20));
});

test("SAML-75: public suffixes, free-mail hosts and names that are none belong to nobody", async () => {
  const org = await buildOrg(db);
  const reasons = [];
  for (const domain of ["co.uk", "github.io", "公司.cn", "gmail.com", "localhost", "a..example", "test"]) {
    const refused = await refusal(claim(org, domain));
    reasons.push(refused === "done" ? refused : [refused.code, refused.facts["reason"]]);
  }

  expect(reasons).toEqual([
    ["invalid", "public_suffix"],
    ["invalid", "public_suffix"],
    ["invalid", "public_suffix"],
    ["invalid", "free_mail"],
    ["invalid", "domain_unreadable"],
    ["invalid", "domain_unreadable"],
    ["invalid", "domain_unreadable"],
  ]);
  expect(await refusal(claim(org, org.domain))).toMatchObject({ code: "duplicate", facts: { field: "domain" } });
  expect((await claim(org, `${unique("acme")}.co.uk`)).domain).toMatch(/\.co\.uk$/);
});

test("SAML-75: of several organizations that prove one domain at the same moment one holds it", async () => {
  const zone = new Zone();
  const domain = `${unique("contested")}.example`;
  const orgs = await Promise.all(Array.from({ length: 4 }, () => buildOrg(db)));
  const proofs = await Promise.all(orgs.map((org) => claim(org, domain)));
  const all = proofs.map((proof) => [proof.recordValue]);

  const results = await Promise.all(
    orgs.map((org, i) => refusal(checkDomain(db, org.owner, { id: proofs[i]!.id }, async () => all))),
  );

  expect(results.filter((result) => result === "done")).toHaveLength(1);
  const codes = results.map((result) => (result === "done" ? "done" : result.code));
  expect(codes.sort()).toEqual(["done", "duplicate", "duplicate", "duplicate"]);
  const winner = orgs[results.indexOf("done")]!;
  expect((await findInDirectory(db, "DOMAIN", domain))?.orgId).toBe(winner.orgId);
  const held = await asSuperuser<{ n: number }>(
    "select count(*)::integer as n from verified_domain where domain = $1 and status = 'VERIFIED'",
    [domain],
  );
  expect(held[0]?.n).toBe(1);
  expect(zone.asked).toEqual([]);
});

test("SAML-76: every week the proof is looked at again; twice without it, the domain has lapsed and the administrators know", async () => {
  const [org, zone] = [await buildOrg(db), new Zone()];
  await org.add("admin", { role: "ADMIN" });
  const connection = await importedConnection(org, keys);
  const proof = await verified(org, zone, `${unique("weekly")}.example`);
  const email = parseEmail("email", `ada@${proof.domain}`);
  const trust = () => org.run((tx) => trustOfDomain(tx, proof.domain, connection));
  const status = async () =>
    (await org.run((tx) => listDomains(tx, {}))).filter((d) => d.id === proof.id).map((d) => [d.status, d.failures]);
  const due = new Date(clock.now().getTime() + 7 * dayMs);

  expect(await recheck(org, zone)).toEqual(due);
  expect(zone.asked).toHaveLength(1);

  zone.remove(proof.recordName);
  clock.set(due);
  await recheck(org, zone);
  expect(await status()).toEqual([["VERIFIED", 1]]);
  expect(await discoverConnections(db, email, org.origin)).toMatchObject([{ id: connection }]);

  clock.advanceMs(7 * dayMs);
  await recheck(org, zone);
  expect(await status()).toEqual([["LAPSED", 2]]);
  // No discovery, nobody new joins; those who are known go on for 14 days.
  expect(await discoverConnections(db, email, org.origin)).toEqual([]);
  expect(await org.run((tx) => isOwnDomain(tx, proof.domain))).toBe(false);
  expect(await trust()).toBe("lapsed");
  const told = (await listMails(db, 200)).filter((m) => m.text.includes(proof.domain)).map((m) => m.to);
  expect(told.sort()).toEqual([org.email("admin"), org.email("owner")]);

  clock.advanceMs(14 * dayMs);
  expect(await trust()).toBe("none");

  zone.set(proof);
  await recheck(org, zone);
  expect(await status()).toEqual([["VERIFIED", 0]]);
  expect(await trust()).toBe("verified");
});

test("SAML-76: a look that no name server answers concludes nothing and is repeated within hours", async () => {
  const [org, zone] = [await buildOrg(db), new Zone()];
  const proof = await verified(org, zone, `${unique("silent")}.example`);
  zone.silence(proof.recordName);
  for (let week = 0; week < 3; week++) {
    clock.advanceMs(7 * dayMs);
    expect(await recheck(org, zone)).toEqual(new Date(clock.now().getTime() + dayMs / 4));
  }

  const [domain] = (await org.run((tx) => listDomains(tx, {}))).filter((d) => d.id === proof.id);
  expect([domain?.status, domain?.failures]).toEqual(["VERIFIED", 0]);
});

test("SAML-76: a lapsed domain that another organization has proved by now stays lapsed here", async () => {
  const [org, other, zone] = [await buildOrg(db), await buildOrg(db), new Zone()];
  const proof = await verified(org, zone, `${unique("sold")}.example`);
  zone.remove(proof.recordName);
  for (let week = 0; week < 2; week++) {
    clock.advanceMs(7 * dayMs);
    await recheck(org, zone);
  }
  await verified(other, zone, proof.domain);
  clock.advanceMs(7 * dayMs);
  // Both records stand there: the old owner's is no use any more.
  const both = async () => [[proof.recordValue]];
  await recheckDomains(db, org.system, async () => undefined, both);

  expect((await findInDirectory(db, "DOMAIN", proof.domain))?.orgId).toBe(other.orgId);
  const [domain] = (await org.run((tx) => listDomains(tx, {}))).filter((d) => d.id === proof.id);
  expect(domain?.status).toBe("LAPSED");
});

test("SAML-75, SAML-78: subdomains only where switched on; a domain leads to the connection that it names", async () => {
  const [org, zone] = [await buildOrg(db), new Zone()];
  const first = await importedConnection(org, keys);
  const proof = await verified(org, zone, `${unique("parent")}.example`);
  const at = (host: string) => discoverConnections(db, parseEmail("email", `ada@${host}`), org.origin);
  const change = async (more: object) =>
    org.run(async (tx) => changeDomain(tx, { id: proof.id, ...more }), await signedIn(org, org.ownerId));

  expect(await at(proof.domain)).toMatchObject([{ id: first }]);
  expect(await at(`paris.${proof.domain}`)).toEqual([]);
  await change({ subdomains: true, connectionId: first });
  expect(await at(`paris.${proof.domain}`)).toMatchObject([{ id: first }]);
  expect(await org.run((tx) => trustOfDomain(tx, `paris.${proof.domain}`, first))).toBe("verified");

  const stranger = await importedConnection(await buildOrg(db), keys);
  expect(await refusal(change({ connectionId: stranger }))).toMatchObject({ code: "not_found" });
  // SAML-61: an address there says nothing when another connection's identity provider asserts it.
  expect(await org.run((tx) => trustOfDomain(tx, proof.domain, stranger))).toBe("none");
});

test("SAML-75: a removed domain is free for others; another organization's is not found", async () => {
  const [org, other, zone] = [await buildOrg(db), await buildOrg(db), new Zone()];
  const proof = await verified(org, zone, `${unique("gone")}.example`);
  const remove = async (where: TestOrg) =>
    where.run(async (tx) => removeDomain(tx, { id: proof.id }), await signedIn(where, where.ownerId));

  expect(await refusal(remove(other))).toMatchObject({ code: "not_found" });
  await remove(org);
  await verified(other, zone, proof.domain);
  expect((await findInDirectory(db, "DOMAIN", proof.domain))?.orgId).toBe(other.orgId);
});

test("SAML-11: a session of more than fifteen minutes changes nothing; programs have none to be old", async () => {
  const org = await buildOrg(db);
  const old = await signedIn(org, org.ownerId);
  await asSuperuser("update login_session set auth_at = now() - interval '16 minutes' where org_id = $1", [org.orgId]);
  const domain = `${unique("old")}.example`;

  expect(await refusal(org.run((tx) => claimDomain(tx, { domain }), old))).toEqual({
    code: "forbidden",
    facts: { reason: "reauthentication_required", maxAgeMinutes: 15 },
  });
  expect((await org.run((tx) => claimDomain(tx, { domain }), org.operator)).domain).toBe(domain);
});
