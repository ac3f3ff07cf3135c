import { Field, InputType, Int } from "type-graphql";
import type { ConnectionChange, OptionsChange } from "../../../domain/identity";
import { MemberRole, Provisioning } from "../enums";
import { changeOf } from "../inputs";
import { DateTime } from "../scalars";
import {
  Binding,
  ExpiredCertificates,
  IdpInitiated,
  LinkPolicy,
  MappingProfile,
  MetadataMode,
  RoleCeiling,
  RoleMappingTime,
  SignaturePolicy,
} from "./enums";

@InputType("RoleRuleInput", { description: "Which value gives which role." })
export class RoleRuleInput {
  @Field(() => String, { description: "As the identity provider sends it." })
  value!: string;

  @Field(() => MemberRole, { description: "At most ADMIN." })
  role!: string;
}

@InputType("RoleMappingInput", { description: "How roles follow what the identity provider sends." })
export class RoleMappingInput {
  @Field(() => String, { nullable: true, description: "Of which attribute; that of the groups without it." })
  attribute?: string;

  @Field(() => RoleMappingTime, { description: "When." })
  when!: string;

  @Field(() => [RoleRuleInput], { description: "The first that fits decides." })
  rules!: RoleRuleInput[];
}

@InputType("AttributeMappingInput", { description: "Under which names the identity provider sends what; what is left out follows the usual names." })
export class AttributeMappingInput {
  @Field(() => String, { nullable: true, description: "The e-mail address." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "The given name." })
  givenName?: string | null;

  @Field(() => String, { nullable: true, description: "The family name." })
  familyName?: string | null;

  @Field(() => String, { nullable: true, description: "The name to be shown." })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: "The groups." })
  groups?: string | null;

  @Field(() => String, { nullable: true, description: "What identifies people better than the NameID." })
  identity?: string | null;

  @Field(() => RoleMappingInput, { nullable: true, description: "The roles." })
  roles?: RoleMappingInput | null;
}

@InputType("ConnectionOptionsInput", { description: "What differs from the strict default; null goes back to it." })
export class ConnectionOptionsInput {
  @Field(() => ExpiredCertificates, { nullable: true, description: "Whether an expired certificate still vouches." })
  expiredCertificates?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Takes inclusive canonicalization as well." })
  inclusiveC14n?: boolean | null;

  @Field(() => DateTime, { nullable: true, description: "Takes SHA-1 until then, 90 days at most." })
  sha1Until?: Date | null;

  @Field(() => Boolean, { nullable: true, description: "An answer need not name its destination." })
  destinationOptional?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Takes CBC encryption inside an unsigned answer." })
  cbcUnsigned?: boolean | null;

  @Field(() => [String], { nullable: true, description: "Classes of which one has to be reached, 20 at most." })
  authnContexts?: string[] | null;

  @Field(() => Int, { nullable: true, description: "How long ago the sign-in at the provider may be, in seconds." })
  maxAuthnAgeSeconds?: number | null;

  @Field(() => String, { nullable: true, description: "Which form of NameID is asked for." })
  nameIdFormat?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Lets only members in whom SCIM has brought." })
  scimOnly?: boolean | null;

  @Field(() => LinkPolicy, { nullable: true, description: "What links an identity to the member who has its address already." })
  linkPolicy?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether switching off ends the sessions; yes without it." })
  endSessions?: boolean | null;
}

/** What may be set of a connection, beside what names it. */
@InputType({ description: "Settings of a connection." })
export abstract class ConnectionSettings {
  @Field(() => String, { nullable: true, description: "What to call it." })
  name?: string | null;

  @Field(() => String, { nullable: true, description: "The entity id of the identity provider." })
  idpEntityId?: string | null;

  @Field(() => String, { nullable: true, description: "Where it signs people in." })
  ssoUrl?: string | null;

  @Field(() => Binding, { nullable: true, description: "By which way it is asked to." })
  ssoBinding?: string | null;

  @Field(() => String, { nullable: true, description: "Where it signs people out." })
  sloUrl?: string | null;

  @Field(() => Binding, { nullable: true, description: "By which way it is asked to." })
  sloBinding?: string | null;

  @Field(() => String, { nullable: true, description: "An entity id of our own that an older installation had." })
  spEntityId?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether we sign what we ask." })
  signRequests?: boolean | null;

  @Field(() => SignaturePolicy, { nullable: true, description: "What has to be signed in an answer." })
  signaturePolicy?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether assertions have to be encrypted." })
  requireEncryption?: boolean | null;

  @Field(() => Int, { nullable: true, description: "By how much clocks may differ, 0 to 300 seconds." })
  skewSeconds?: number | null;

  @Field(() => IdpInitiated, { nullable: true, description: "What happens with sign-ins that nobody asked for." })
  idpInitiated?: string | null;

  @Field(() => Provisioning, { nullable: true, description: "Who may come in by signing in." })
  provisioning?: string | null;

  @Field(() => MappingProfile, {
    nullable: true,
    description: "Fills the mapping in for a make of identity provider; what `mapping` names has the last word.",
  })
  profile?: string | null;

  @Field(() => AttributeMappingInput, { nullable: true, description: "The whole mapping." })
  mapping?: AttributeMappingInput | null;

  @Field(() => RoleCeiling, { nullable: true, description: "The highest role that it may give." })
  roleCeiling?: string | null;

  @Field(() => String, { nullable: true, description: "Where it publishes its metadata." })
  metadataUrl?: string | null;

  @Field(() => MetadataMode, { nullable: true, description: "What follows when they change." })
  metadataMode?: string | null;

  @Field(() => ConnectionOptionsInput, { nullable: true, description: "What differs from the strict default." })
  options?: ConnectionOptionsInput | null;
}

const settable = [
  ...(["name", "idpEntityId", "ssoUrl", "ssoBinding", "signRequests", "signaturePolicy", "requireEncryption"] as const),
  ...(["skewSeconds", "idpInitiated", "provisioning", "profile", "mapping", "roleCeiling", "metadataMode", "options"] as const),
] as const;
const clearable = ["sloUrl", "sloBinding", "spEntityId", "metadataUrl"] as const;
// At the door closed sets are in upper case, inside these are in lower.
const lower = ["signaturePolicy", "idpInitiated", "provisioning", "profile", "metadataMode"] as const;

/**
 * What an input asks for, in the words of the domain.
 * @throws PlenumError `invalid` for null where nothing can be cleared
 */
export function connectionChangeOf(input: ConnectionSettings): ConnectionChange {
  const { mapping, options, ...plain } = changeOf(input, settable, clearable);
  const lowered = Object.fromEntries(lower.flatMap((key) => (plain[key] ? [[key, plain[key].toLowerCase()]] : [])));
  return {
    ...plain,
    ...lowered,
    ...(mapping ? { mapping: mappingOf(mapping) } : {}),
    ...(options ? { options: optionsOf(options) } : {}),
  };
}

function mappingOf({ roles, ...names }: AttributeMappingInput): NonNullable<ConnectionChange["mapping"]> {
  const given = Object.fromEntries(Object.entries(names).filter(([, name]) => name != null));
  // The domain reads the rules anew and refuses what is none, so a wider word is no danger here.
  const read = roles as NonNullable<ConnectionChange["mapping"]>["roles"];
  return { ...given, ...(roles && read ? { roles: { ...read, when: timeOf(roles.when) } } : {}) };
}

function timeOf(when: string): "never" | "first_login" | "every_login" {
  return when.toLowerCase() as "never" | "first_login" | "every_login";
}

function optionsOf({ expiredCertificates, linkPolicy, ...others }: ConnectionOptionsInput): OptionsChange {
  // Closed sets of the schema, whose words the domain has in lower case.
  const words = Object.entries({ expiredCertificates, linkPolicy }).flatMap(([key, word]) =>
    word === undefined ? [] : [[key, word?.toLowerCase() ?? null] as const],
  );
  return { ...others, ...(Object.fromEntries(words) as Pick<OptionsChange, "expiredCertificates" | "linkPolicy">) };
}
