import type { Email } from "../../kernel/email";
import { readEmail } from "../../kernel/email";
import { keepMail } from "../../platform/lobby";
import type { Tx } from "../../platform/unit-of-work";
import { isAtMost } from "../access";
import { changeMember, findByLoginEmail, getMember, type Member } from "../members";
import { loadOrganization } from "../organizations";
import { addressMovedMail } from "./address-moved.mail";
import type { SignedInMember } from "./member-of-assertion";
import type { AssertedPerson } from "./read-person";
import { mappedRole } from "./role-mapping";
import type { SamlConnection } from "./saml-connection";
import { trustOfDomain } from "./trust-domain";

/**
 * What else an assertion may change of its member: the role by the connection's mapping (SAML-68), the sign-in address
 * within the organization's own domains (SAML-69). Whom SCIM looks after, sign-in leaves as they are (SAML-65).
 */
export async function followAssertion(
  tx: Tx,
  connection: SamlConnection,
  found: SignedInMember,
  person: AssertedPerson,
): Promise<void> {
  const roles = connection.mapping.roles;
  const mayMap = roles !== undefined && roles.when !== "never" && person.roleValues !== undefined;
  const mayMove =
    person.email !== undefined && found.effect !== "CREATED" && found.known?.loginEmailNorm !== person.email.norm;
  if (found.known?.managed || (!mayMap && !mayMove)) return;
  const member = await getMember(tx, found.memberId);
  if (member.managedBy !== null) return;
  const role = mappedRole(roles, person.roleValues, found.effect !== "KNOWN", connection.roleCeiling);
  if (role && member.role !== "OWNER" && member.role !== role) {
    await changeMember(tx, { id: member.id, changes: [{ kind: "grantRole", role }] });
  }
  // Where an owner's letters go is no identity provider's to say, nor those of anybody above what it may make of people.
  if (mayMove && isAtMost(member.role, connection.roleCeiling)) await moveAddress(tx, connection, member, person.email);
}

async function moveAddress(tx: Tx, connection: SamlConnection, member: Member, email: Email): Promise<void> {
  const before = member.loginEmail === null ? undefined : readEmail(member.loginEmail);
  if (!before || before.norm === email.norm) return;
  if ((await trustOfDomain(tx, email.domain, connection.id)) !== "verified") return;
  // In use by somebody else: not taken from them, and no reason to keep this person out.
  if (await findByLoginEmail(tx, email.norm)) return;

  const others = member.values.filter(
    (v) => v.attribute === "emails" && readEmail(v.value ?? "")?.norm !== before.norm,
  );
  const moved = { attribute: "emails", type: "work", value: email.asGiven, primary: true, detail: null };
  const values = [moved, ...others.map((value) => ({ ...value, primary: false }))];
  const changes = [{ kind: "values", attributes: ["emails"], values }] as const;
  await changeMember(tx, { id: member.id, changes, reach: connection.roleCeiling });

  const { name, locale } = await loadOrganization(tx);
  const mail = addressMovedMail(locale, { organization: name, to: email.asGiven, link: tx.instance.publicUrl });
  await keepMail(tx, { to: before.asGiven, ...mail }, null);
}
