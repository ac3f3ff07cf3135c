import { FakeClock, systemClock, type Clock } from "../../services/kernel/clock";
import { newId, type MemberId, type OrgId } from "../../services/kernel/ids";
import { operatorOf, permissionsOfRole, systemOf } from "../../services/domain/access";
import { addMember, inviteMembers, type Member, type NewMember } from "../../services/domain/members";
import { entities } from "../../services/domain/entities";
import { createOrganization, type NewOrganization } from "../../services/domain/setup";
import { instanceOf } from "../../services/instance";
import type { Caller, Role } from "../../services/platform/caller";
import { Keyring, masterKeyOf } from "../../services/platform/keys";
import { Database, type Tx } from "../../services/platform/unit-of-work";
import { testSource } from "./database";
import { refuseUnscoped } from "./tenancy-wall";

export const publicUrl = "http://localhost:4000";

export interface WorldOptions {
  readonly clock?: Clock;
  readonly poolMax?: number;
  /** Hears every statement; the tenancy wall listens anyway. */
  readonly observe?: (text: string) => void;
}

/** A database as the doors see it, on this worker's clone. Every test makes its own organizations in it. */
export async function testWorld(options: WorldOptions = {}): Promise<Database> {
  const source = await testSource({ max: options.poolMax ?? 10, entities: [...entities] });
  const keyring = new Keyring(masterKeyOf("the secret key of the tests, long enough to be one"));
  return new Database(source, options.clock ?? systemClock, instanceOf(publicUrl, keyring), (text) => {
    refuseUnscoped(text);
    options.observe?.(text);
  });
}

/** A clock in the test's hand, beginning on a Monday morning. */
export function testClock(at = "2026-04-06T08:00:00.000Z"): FakeClock {
  return new FakeClock(new Date(at));
}

// Test files share the database of their worker, but not this module: the start is drawn.
let counter = Math.floor(Math.random() * 1e9);

/** A word that no other test uses. */
export function unique(word: string): string {
  counter += 1;
  return `${word}-${process.env.JEST_WORKER_ID ?? "0"}-${counter.toString(36)}`;
}

/** An organization of a test's own, with short ways to act in it. */
export class TestOrg {
  readonly origin = { requestId: unique("request") };

  constructor(
    readonly db: Database,
    readonly orgId: OrgId,
    readonly slug: string,
    readonly domain: string,
    readonly ownerId: MemberId,
  ) {}

  get operator(): Caller {
    return operatorOf(this.orgId, this.origin);
  }

  get system(): Caller {
    return systemOf(this.orgId, this.origin.requestId);
  }

  /** A person of this organization, signed in. */
  person(memberId: MemberId, role: Role): Caller {
    const permissions = permissionsOfRole[role];
    const sessionId = newId("session");
    return {
      kind: "person",
      orgId: this.orgId,
      permissions,
      memberId,
      personId: null,
      sessionId,
      role,
      origin: this.origin,
    };
  }

  get owner(): Caller {
    return this.person(this.ownerId, "OWNER");
  }

  run<T>(work: (tx: Tx) => Promise<T>, caller: Caller = this.owner): Promise<T> {
    return this.db.run(caller, work);
  }

  /** An address in the organization's verified domain. */
  email(name: string): string {
    return `${name}@${this.domain}`;
  }

  /** Adds a member who joins at once, in a seat. */
  async add(name: string, more: Partial<NewMember> = {}): Promise<Member> {
    const profile = { userName: this.email(name), displayName: name };
    const added = await this.run((tx) => addMember(tx, { profile, origin: "OPERATOR", ...more }), this.operator);
    return added.member;
  }

  async invite(...names: string[]): Promise<Member[]> {
    return this.run((tx) => inviteMembers(tx, { invitees: names.map((name) => ({ email: this.email(name) })) }));
  }
}

/** Makes an organization on a plan with some seats; the owner sits in the first. */
export async function buildOrg(db: Database, input: Partial<NewOrganization> = {}): Promise<TestOrg> {
  const orgId = newId("organization");
  const slug = input.slug ?? unique("org");
  const domain = `${slug}.test`;
  const caller = operatorOf(orgId, { requestId: unique("build") });
  const { owner } = await db.run(caller, (tx) =>
    createOrganization(tx, {
      name: `The ${slug}`,
      slug,
      ownerEmail: `owner@${domain}`,
      plan: "teams",
      seats: 5,
      ...input,
    }),
  );
  return new TestOrg(db, orgId, slug, domain, owner.id);
}
